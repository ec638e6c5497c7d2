import { findTimestamp, type TimestampRules } from '../../../../../spl/values/time/recognise'
import { UTC, zone } from '../../../../../spl/values/time/zone'

const NOW = 1_787_578_215 // Mon 2026-08-24 13:30:15 UTC
const rules: TimestampRules = { lookahead: 128, zone: UTC, now: NOW }

/** The text that was taken for the time, and its seconds. */
const find = (text: string, more: Partial<TimestampRules> = {}) => {
  const found = findTimestamp(text, { ...rules, ...more })
  return found && [text.slice(found.start, found.end), found.seconds]
}

test.each([
  ['2026-08-24T13:30:15Z up', '2026-08-24T13:30:15Z', NOW],
  ['2026-08-24T13:30:15.123456+02:00 up', '2026-08-24T13:30:15.123456+02:00', NOW - 7200 + 0.123456],
  ['2026-08-24 13:30:15,250 INFO up', '2026-08-24 13:30:15,250', NOW + 0.25],
  ['[2026/08/24 13:30:15 -0500] up', '2026/08/24 13:30:15 -0500', NOW + 18_000],
  ['level=info time="2026-08-24 13:30:15 UTC"', '2026-08-24 13:30:15 UTC', NOW],
  ['20260824T133015Z up', '20260824T133015Z', NOW],
  ['Aug 24 13:30:15 web01 sshd[1]: up', 'Aug 24 13:30:15', NOW],
  ['<13>Aug  4 13:30:15 web01 up', 'Aug  4 13:30:15', NOW - 20 * 86_400],
  ['Mon Aug 24 13:30:15 2026 up', 'Aug 24 13:30:15 2026', NOW],
  ['Mon Aug 24 13:30:15 CEST 2026 up', 'Aug 24 13:30:15 CEST 2026', NOW - 7200],
  ['August 24, 2026 13:30:15 up', 'August 24, 2026 13:30:15', NOW],
  ['10.0.0.1 - - [24/Aug/2026:15:30:15 +0200] "GET / HTTP/1.1" 200 5', '24/Aug/2026:15:30:15 +0200', NOW],
  ['Date: Mon, 24 Aug 2026 13:30:15 GMT', '24 Aug 2026 13:30:15 GMT', NOW],
  ['08/24/2026 01:30:15 PM\nLogName=Security\nEventCode=4624', '08/24/2026 01:30:15 PM', NOW],
  ['08/24/2026 13:30:15.500 up', '08/24/2026 13:30:15.500', NOW + 0.5],
  ['8/24/26 13:30:15 up', '8/24/26 13:30:15', NOW],
  ['24/08/2026 13:30:15 up', '24/08/2026 13:30:15', NOW],
  ['1787578215 up', '1787578215', NOW],
  ['1787578215.25 up', '1787578215.25', NOW + 0.25],
  ['[1787578215123] up', '1787578215123', NOW + 0.123],
  ['1787578215123456 up', '1787578215123456', NOW + 0.123456],
  ['date=2026-08-24 user=x', '2026-08-24', NOW - 48_615],
  ['on 08/24/2026 it ended', '08/24/2026', NOW - 48_615],
])('%s', (text, piece, seconds) => {
  expect(find(text)).toEqual([piece, seconds])
})

test.each([
  'no time at all, only 12 words',
  'version 1.2.3 of 10.20.30.40:8080',
  'id 1787578215 is not at the start',
  '17875782150 up',
  'card 1234-56-78-90',
  '2026-13-24 13:30:15 up',
  'at 13:30:15 exactly',
  '',
])('none in: %s', (text) => {
  expect(find(text)).toBeUndefined()
})

test('the leftmost wins, whatever its shape', () => {
  expect(find('Aug 24 13:30:15 web01 app: 2026-08-20 00:00:00 start')).toEqual(['Aug 24 13:30:15', NOW])
  expect(find('2026-08-24 13:30:15 last 08/20/2026 00:00:00')).toEqual(['2026-08-24 13:30:15', NOW])
})

test('without a year: the latest that is not days ahead', () => {
  expect(find('Dec 31 23:00:00 up')).toEqual(['Dec 31 23:00:00', 1_767_222_000])
  expect(find('Aug 25 13:30:15 up')).toEqual(['Aug 25 13:30:15', NOW + 86_400])
  expect(find('Jan  1 00:00:05 up', { now: 1_798_761_590 })).toEqual(['Jan  1 00:00:05', 1_798_761_605])
})

test('bounds', () => {
  expect(find('2019-01-01 00:00:00 up')).toBeUndefined()
  expect(find('2019-01-01 00:00:00 up', { maxDaysAgo: 10_000 })).toEqual(['2019-01-01 00:00:00', 1_546_300_800])
  expect(find('2026-08-27 00:00:00 up')).toBeUndefined()
  expect(find('2026-08-27 00:00:00 up', { maxDaysHence: 5 })).toEqual(['2026-08-27 00:00:00', NOW + 210_585])
  expect(find('1000000000 up')).toBeUndefined()
})

test('look-ahead', () => {
  const text = `${'x'.repeat(120)} 2026-08-24 13:30:15`
  expect(find(text)).toBeUndefined()
  expect(find(text, { lookahead: 0 })).toEqual(['2026-08-24 13:30:15', NOW])
})

test('the zone of the rules', () => {
  expect(find('2026-08-24 09:30:15 up', { zone: zone('America/New_York') })).toEqual(['2026-08-24 09:30:15', NOW])
})

test('a format is anchored at the start', () => {
  const format = '%Y-%m-%d %H:%M:%S.%3N'
  expect(find('2026-08-24 13:30:15.250</Data>', { format })).toEqual(['2026-08-24 13:30:15.250', NOW + 0.25])
  expect(find(' 2026-08-24 13:30:15.250</Data>', { format })).toEqual(['2026-08-24 13:30:15.250', NOW + 0.25])
  expect(find('at 2026-08-24 13:30:15.250', { format })).toBeUndefined()
  expect(find('2026-08-24 13:30:15.250', { format, lookahead: 12 })).toBeUndefined()
  expect(find('1787578215', { format: '%s' })).toEqual(['1787578215', NOW])
  expect(find('13:30:15 up', { format: '%H:%M:%S' })).toEqual(['13:30:15', NOW])
})

test('the zone that was read', () => {
  expect(findTimestamp('2026-08-24T13:30:15-05:00', rules)?.offsetMinutes).toBe(-300)
  expect(findTimestamp('2026-08-24T13:30:15', rules)?.offsetMinutes).toBeUndefined()
})
