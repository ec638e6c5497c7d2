import { stanzasIn } from '../../../../knowledge/context'
import { EventCutter } from '../../../../knowledge/index-time/lines'
import { indexTimeRules } from '../../../../knowledge/index-time/rules'
import { loadKnowledge } from '../../../../knowledge/snapshot'
import { shippedApps } from '../../../../search/local-head'

const NOW = 1_700_000_000
const shipped = Object.fromEntries(stanzasIn(loadKnowledge({ appFolders: [shippedApps()] }), 'props', 'global'))
const rules = (settings: Record<string, string>, sourcetype = 't', source = 's') =>
  indexTimeRules({ ...shipped, t: settings })({ sourcetype, source, host: 'h' })

/** Events of a text that arrives in chunks of every length from 1 to the whole. */
function cut(text: string, r: ReturnType<typeof rules>): string[] {
  const whole = new EventCutter(r, NOW)
  const events = [...whole.feed(text), ...whole.end()]
  for (const size of [1, 2, 3, 7]) {
    const cutter = new EventCutter(r, NOW)
    const parts: string[] = []
    for (let i = 0; i < text.length; i += size) parts.push(...cutter.feed(text.slice(i, i + size)))
    parts.push(...cutter.end())
    expect(parts).toEqual(events)
  }
  return events
}

test.each([
  ['lines', { SHOULD_LINEMERGE: 'false' }, 'a\nb\r\n\r\nc\n', ['a', 'b', 'c']],
  ['only the first group is left out', { SHOULD_LINEMERGE: 'false', LINE_BREAKER: '(\\n)<E' }, '<E>1\n2\n<E>3', ['<E>1\n2', '<E>3']],
  [
    'lines without a date are joined to the one before',
    {},
    '2023-11-14 10:00:00 a\n  b\n2023-11-14 10:00:01 c',
    ['2023-11-14 10:00:00 a\n  b', '2023-11-14 10:00:01 c'],
  ],
  ['BREAK_ONLY_BEFORE', { BREAK_ONLY_BEFORE: '^START' }, 'START 1\nx\nSTART 2', ['START 1\nx', 'START 2']],
  ['MUST_BREAK_AFTER', { BREAK_ONLY_BEFORE_DATE: 'true', MUST_BREAK_AFTER: 'end$' }, 'a\nend\nb', ['a\nend', 'b']],
  ['TRUNCATE', { SHOULD_LINEMERGE: 'false', TRUNCATE: '3' }, 'abcdef\ngh', ['abc', 'gh']],
] as const)('%s', (_name, settings, text, events) => {
  expect(cut(text, rules(settings))).toEqual(events)
})

test('the shipped add-on cuts Windows events in XML and reads their time', () => {
  const event = (t: string) => `<Event xmlns='x'><System><TimeCreated SystemTime='${t}'/></System>\n<EventData/></Event>`
  const r = rules({}, 'XmlWinEventLog', 'XmlWinEventLog:Security')
  const events = cut(`${event('2021-05-01T10:20:30.5Z')}\n${event('2021-05-01T10:20:31.000Z')}\n`, r)
  expect(events).toEqual([event('2021-05-01T10:20:30.5Z'), event('2021-05-01T10:20:31.000Z')])
  expect(r.time(events[0]!, NOW)).toMatchObject({ seconds: 1619864430.5 })
})

test('the shipped add-on cuts Windows events as text', () => {
  const text = '05/01/2021 10:20:30 AM\nLogName=Security\nMessage=a\n\nb\n05/01/2021 01:00:00 PM\nLogName=System'
  const r = rules({}, 'WinEventLog', 'WinEventLog:Security')
  const events = cut(text, r)
  expect(events.map((e) => e.split('\n').length)).toEqual([5, 2])
  expect(events.map((e) => r.time(e, NOW)?.seconds)).toEqual([1619864430, 1619874000])
})
