import fc from 'fast-check'
import { eventOfJson } from '../../../../search/event-files/event-json'
import { JsonTexts } from '../../../../search/event-files/json-texts'

/** What is cut out of a text that comes in these pieces. */
function cut(pieces: readonly string[]): readonly string[] {
  const texts = new JsonTexts('f')
  const found = pieces.flatMap((piece) => [...texts.feed(piece)])
  texts.end()
  return found
}

test.each([
  ['one a line', '{"a":1}\n{"b":2}\n', ['{"a":1}', '{"b":2}']],
  ['one after another', '{"a":1}{"b":2}', ['{"a":1}', '{"b":2}']],
  ['members of a list', '[{"a":1},\n {"b":[{}]}]', ['{"a":1}', '{"b":[{}]}']],
  ['over several lines', '{\n "a": 1\n}\n', ['{\n "a": 1\n}']],
  ['braces and quotes in texts', '{"a":"}{\\"}"}{"b":"\\\\"}', ['{"a":"}{\\"}"}', '{"b":"\\\\"}']],
  ['a byte order mark', '\uFEFF{}', ['{}']],
  ['nothing', ' \n', []],
])('%s', (_what, text, wanted) => {
  expect(cut([text])).toEqual(wanted)
})

test('the same wherever the text is cut into pieces', () => {
  const object = fc.dictionary(fc.string(), fc.oneof(fc.string(), fc.array(fc.constantFrom('{', '}', '"', '\\')), fc.constant({ a: {} })))
  fc.assert(
    fc.property(fc.array(object), fc.infiniteStream(fc.integer({ min: 1, max: 9 })), (objects, lengths) => {
      const wanted = objects.map((o) => JSON.stringify(o))
      const pieces: string[] = []
      for (let rest = wanted.join('\n'); rest !== ''; ) {
        const length: number = lengths.next().value
        pieces.push(rest.slice(0, length))
        rest = rest.slice(length)
      }
      expect(cut(pieces)).toEqual(wanted)
    }),
    { numRuns: 200 },
  )
})

test('what is no object is named, and so is an end in the midst of one', () => {
  expect(() => cut(['{"a":1}\nplain text\nmore'])).toThrow('f: this is no JSON object: plain text …')
  expect(() => cut(['{"a":1}{"b":'])).toThrow('f: the last JSON object is not closed: {"b":')
})

test.each([
  [
    'sent to the collector',
    '{"time":"1.5","host":"h","source":"s","sourcetype":"t","index":"i","event":"text"}',
    { raw: 'text', time: 1.5, host: 'h', source: 's', sourcetype: 't', index: 'i' },
  ],
  [
    'an object sent to the collector',
    '{"event":{"a":1},"fields":{"n":1,"l":["x"]}}',
    { raw: '{"a":1}', time: undefined, fields: { n: '1', l: ['x'] } },
  ],
  ['a row', '{"_raw":"text","_time":"2024-05-01T10:00:00.000+00:00","host":"h"}', { raw: 'text', time: 1714557600, host: 'h' }],
  ['a row of an export', '{"preview":false,"result":{"_raw":"text","_time":"5"}}', { raw: 'text', time: 5 }],
  ['an event with its origin', '{"n":1,"raw":"text","time":5,"sourcetype":"t"}', { raw: 'text', time: 5, sourcetype: 't' }],
  ['any other object', '{"raw":"text", "x":1}', { raw: '{"raw":"text", "x":1}', time: undefined, sourcetype: '_json' }],
  ['a time that is none', '{"event":"e","time":"soon"}', { raw: 'e', time: undefined }],
])('%s', (_what, text, wanted) => {
  expect(eventOfJson(text, 'f')).toEqual(wanted)
})

test('text that is no JSON', () => {
  expect(() => eventOfJson('{a:1}', 'f')).toThrow(/^f: .*: \{a:1\}$/)
})
