import fc from 'fast-check'
import { parseStringPromise } from 'xml2js'
import type { ExtractionKnowledge } from '../../knowledge/extract/definition'
import { extractor } from '../../knowledge/extract/extractor'
import { frameOf } from '../../knowledge/extract/frame'
import { compileExtraction } from '../../knowledge/extract/layers'
import { extractionReader } from '../../knowledge/extract/read'
import { type Batch, rowsOf } from '../../spl/batch/batch'
import { JointBatch } from '../support/joint-batch'
import {
  at,
  blockOf,
  context,
  knowledgeOf,
  shippedKnowledge,
  type TestEvent,
  tailOf,
  textsAt,
  withBytes,
} from '../unit/knowledge/extract/support'

/** Transforms whose regexes run byte-wise; each is run on events made of the pieces that matter to it. */
const TRANSFORMS: readonly (readonly [regex: string, format: string, more: string, pieces: readonly string[]])[] = [
  [`<Data Name='([^'<>]+)'>([^<]*)`, '$1::$2', '', [`<Data Name='`, `'>`, '</Data>', `<Data Name='A'>`, `<Data Name='A_B'>x`, `'`, '<']],
  [`<Data Name='([^']+)'>([^<]*)</Data>`, '$1::$2', '', [`<Data Name='`, `'>`, '</Data>', `<Data Name='A'>1</Data>`, '<', '>']],
  ['<(\\w+)>([^<]+)', '$1::$2', '', ['<A>', '</A>', '<_b>', '<9A>', '<', '>']],
  ['<(\\w+)>([^<]+)</', '$1::$2', '', ['<A>', '</A>', '</', '<A>x</A>', '<']],
  ['(?m)^(\\w+)=([^\\r\\n]*)', '$1::$2', '', ['\n', '\r\n', 'A=', 'A_B=', '=', '1A=2']],
  ['(?m)^([^:=\\r\\n]+):[ \\t]++([^\\r\\n]+)', '$1::$2', '', ['\n', '\r', 'A: ', 'A B:\t', ':', '=', '\tA_B: x']],
  ['\\n(?<_KEY_1>\\w+)=(?<_VAL_1>\\S*)', '', '', ['\n', 'A=', 'A_B=', '=']],
  ['<A[^>]*>(\\d+)', 'A::$1', '', ['<A>', '<A b>', '<A', '>', '12']],
  ['id=(?<A>\\w*),(?<A_B>[^,;]*)', '', '', ['id=', ',', ';', 'id=x,y']],
  ['(?s)\\nM=(.+)', 'A::$1', '', ['\n', '\nM=', 'M=']],
]

const OTHER = ['', 'A', 'b', '_', '9', ' ', 'é', '😀', '&amp;', '&#65;', '"', '\t', 'xyz']

const event = (pieces: readonly string[]) =>
  fc.array(fc.oneof(fc.constantFrom(...pieces), fc.constantFrom(...OTHER)), { maxLength: 14 }).map((p) => p.join(''))

function knowledge([regex, format, more]: (typeof TRANSFORMS)[number], settings: readonly string[]): ExtractionKnowledge {
  const lines = [`REGEX = ${regex}`, ...(format ? [`FORMAT = ${format}`] : []), more, ...settings]
  return knowledgeOf('[st]\nKV_MODE = none\nREPORT-x = t', `[t]\n${lines.join('\n')}`)
}

const values = (b: Batch, names: readonly string[]) => names.map((n) => [n, [...rowsOf(b)].map((row) => at(b, n, row))])

describe('byte-wise extraction', () => {
  /** Searches in joined texts. */
  let found = 0
  test.each(TRANSFORMS.map((t) => [t[0], t] as const))('%s gives what the regex gives', (regex, transform) => {
    expect(frameOf(regex, false)).toBeDefined()
    const settings = fc.subarray(['MV_ADD = true', 'KEEP_EMPTY_VALS = true', 'CLEAN_KEYS = false', 'HEADSTAND_DECODE = xml'])
    fc.assert(
      fc.property(
        fc.array(event(transform[3]), { minLength: 1, maxLength: 6 }),
        settings,
        fc.integer({ min: 0, max: 63 }),
        (raws, set, mask) => {
          const extraction = extractionReader(knowledge(transform, set))({ sourcetype: 'st', source: 's', host: 'h' })
          const block = blockOf(raws.map((raw) => ({ raw })))
          const plain = compileExtraction(extraction, context(), true)(block)
          const names = [...new Set([...plain.names(), 'A', 'A_B', 'A B'])].filter(
            (n) => !['_raw', 'host', 'source', 'sourcetype'].includes(n),
          )
          const wanted = values(plain, names)
          const fast = compileExtraction(extraction, context())
          expect(values(fast(block), names)).toEqual(wanted)
          const all = fast(block)
          expect(plain.names().every((n) => all.names().includes(n))).toBe(true)
          expect(values(all, names)).toEqual(wanted)
          // Only some rows: what a filter leaves.
          const some = Uint32Array.from(raws.map((_r, i) => i).filter((i) => mask & (1 << i)))
          expect(values(fast(block).narrow(some), names)).toEqual(values(plain.narrow(some), names))
          // Looked for in several blocks where they lie, one field after another or each for itself.
          const joint = () =>
            new JointBatch(
              block,
              raws.map((raw) => Buffer.from(raw)),
              1 + (mask % 3),
              mask % 2 === 0 ? 'lz4' : 'brotli',
            )
          const one = joint()
          const searched = fast(one)
          expect(values(searched, [...names].reverse())).toEqual([...wanted].reverse())
          found += one.searches
          for (const [name, expected] of wanted) expect(values(fast(joint()), [name as string])).toEqual([[name, expected]])
          for (const name of names) expect(values(fast(joint()).narrow(some), [name])).toEqual(values(plain.narrow(some), [name]))
        },
      ),
      { numRuns: 40 },
    )
  })
  it('looks where the texts lie', () => expect(found).toBeGreaterThan(0))
})

/** JSON as somebody may write it: keys that stand twice or say more than one name, escapes, what is no JSON. */
const keys = fc.constantFrom('a', 'b', 'a.b', 'a{}', '{}', '', 'b{}', 'c/d', '"', 'é', '😀', '\ufffd', '\ud800')
const escapedAll = (text: string) => text.replace(/[\s\S]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`)
const keyText = fc.tuple(keys, fc.constantFrom(0, 0, 0, 1, 2)).map(([key, how]) => {
  const text = JSON.stringify(key)
  return how === 0 ? text : how === 1 ? `"${escapedAll(key)}"` : text.replace('/', '\\/')
})
const scalarText = fc.oneof(
  fc.constantFrom(
    '0',
    '-0',
    '1e5',
    '1.50',
    '-1.5E-3',
    'true',
    'false',
    'null',
    '""',
    '"x"',
    '"a\\n\\"b\\u00e9"',
    '"é😀"',
    '"\\ud800"',
    '"\u007f"',
  ),
  fc.string({ maxLength: 4 }).map((s) => JSON.stringify(s)),
)
const noJson = fc.constantFrom(
  '01',
  '1.',
  '.5',
  '+1',
  '-',
  '1e',
  'nul',
  'True',
  "'x'",
  '"\\x"',
  '"\\u00e"',
  '"\t"',
  '"x',
  '',
  '[1,]',
  '{"a"}',
  '{a:1}',
)
const blank = fc.constantFrom('', '', '', ' ', '\n\t\r ')
const { value } = fc.letrec<{ value: string }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    { weight: 3, arbitrary: scalarText },
    {
      weight: 4,
      arbitrary: fc
        .array(fc.tuple(blank, keyText, blank, tie('value')), { maxLength: 4 })
        .map((m) => `{${m.map(([b, k, c, v]) => `${b}${k}${c}:${v}${b}`).join(',')}}`),
    },
    {
      weight: 2,
      arbitrary: fc.array(fc.tuple(blank, tie('value')), { maxLength: 3 }).map((v) => `[${v.map(([b, x]) => b + x + b).join(',')}]`),
    },
  ),
}))
const jsonEvent = fc.oneof(
  { weight: 8, arbitrary: value.map(Buffer.from) },
  // Blanks and other things around it; what is no JSON in it; bytes that are no text.
  fc.tuple(fc.constantFrom(' ', '\n', '\u00a0', '\f', '\ufeff', 'x '), value).map((t) => Buffer.from(t.join(''))),
  fc.tuple(value, fc.constantFrom(' ', '\u00a0', '}', ' x', ',', '{}', '\0')).map((t) => Buffer.from(t.join(''))),
  fc.tuple(value, noJson, fc.boolean()).map(([v, n, last]) => Buffer.from(last ? `{"a":${v},"b":${n}}` : `{"a":${n},"b":${v}}`)),
  fc.tuple(value, fc.nat(), fc.constantFrom(0xff, 0xc3, 0x22, 0x5c, 0x7b, 0x5d, 0x00, 0x2c)).map(([v, at, byte]) => {
    const bytes = Buffer.from(v)
    bytes[at % bytes.length] = byte
    return bytes
  }),
  fc.tuple(value, fc.nat()).map(([v, at]) => Buffer.from(v).subarray(0, at % (v.length + 1))),
  // As deep as is read, and deeper.
  fc.integer({ min: 498, max: 502 }).map((n) => Buffer.from(`{"a":1,"b":${'['.repeat(n)}0${']'.repeat(n)}}`)),
)
const JSON_NAMES = [
  'a',
  'b',
  'a.b',
  'a{}',
  'a{}.b',
  'a{}{}',
  '{}',
  '{}.a',
  'a.',
  'c/d',
  '"',
  'é',
  'a.😀',
  '\ufffd',
  '\ud800',
  'nothing',
  '',
]

/** Pairs, and what stands between them; longer than is read, with more fields than are read. */
const pairEvent = fc
  .array(
    fc.constantFrom(
      ...[
        'a=1',
        'a=',
        'b="x a=2"',
        'a="',
        '_a=3',
        'x.a=4',
        'a_b=5',
        'a.b=6',
        '9a=7',
        'A=8',
        'b=é',
        'b=x\u00a0y',
        'a="é"',
        'x=a=9',
        '=',
        '"',
      ],
      ...[' ', ',', ';', '&', '|', ':', '-', '\n', '\u2028', 'é', '\\"', 'a==1', 'b=""', '_=1'],
      Array.from({ length: 99 }, (_v, i) => `f${i}=v`).join(' '),
      `z=${'y'.repeat(5_000)}`,
      'é'.repeat(3_000),
    ),
    { maxLength: 12 },
  )
  .chain((p) => fc.constantFrom('', ' ').map((between) => Buffer.from(p.join(between))))
const PAIR_NAMES = ['a', 'b', 'a_b', 'x_a', 'A', 'f1', 'f98', 'x', 'z', 'a.b', '', 'nothing']

/** What chance seldom makes, a byte a character. */
const RARE = [
  ...['{"c\\/d":1}', '{"a":"\x11"}', '{"\xff":1}', '{"a":{"b":1},"a.b":2}', '{"a":1,"a":{}}', '{"a":1}x', '{"a":1} {"a":2}', '{"a":1e}'],
  ...[`${'x'.repeat(10_236)} a=1`, `${'x'.repeat(10_237)} a=1`, `a=1 ${'x'.repeat(10_240)}`],
]

test.each([
  ['json', jsonEvent, JSON_NAMES],
  ['auto', fc.oneof(jsonEvent, pairEvent), [...JSON_NAMES, ...PAIR_NAMES]],
  ['auto_escaped', pairEvent, PAIR_NAMES],
])('KV_MODE = %s gives the same from bytes as from whole texts', (mode, raw, names) => {
  let searches = 0
  const extraction = extractionReader(knowledgeOf(`[st]\nKV_MODE = ${mode}`))({ sourcetype: 'st', source: 's', host: 'h' })
  fc.assert(
    fc.property(fc.array(raw, { minLength: 1, maxLength: 6 }), fc.integer({ min: 0, max: 63 }), (raws, mask) => {
      const block = withBytes(blockOf(raws.map((r) => ({ raw: String(r) }))), raws)
      const plain = compileExtraction(extraction, context(), true)(block)
      const asked = [...new Set([...plain.names().filter((n) => !['_raw', 'host', 'source', 'sourcetype'].includes(n)), ...names])]
      const wanted = values(plain, asked)
      const fast = compileExtraction(extraction, context())
      // Each for itself, and one after another, until texts are read as a whole.
      for (const [name, expected] of wanted) expect(values(fast(block), [name as string])).toEqual([[name, expected]])
      expect(values(fast(block), asked)).toEqual(wanted)
      const some = Uint32Array.from(raws.map((_r, i) => i).filter((i) => mask & (1 << i)))
      for (const name of names) expect(values(fast(block).narrow(some), [name])).toEqual(values(plain.narrow(some), [name]))
      // Looked for in several blocks where they lie.
      const joint = () => new JointBatch(block, raws, 1 + (mask % 3), mask % 2 === 0 ? 'lz4' : 'brotli')
      const one = joint()
      expect(values(fast(one), asked)).toEqual(wanted)
      searches += one.searches
      for (const [name, expected] of wanted) expect(values(fast(joint()), [name as string])).toEqual([[name, expected]])
      for (const name of names) expect(values(fast(joint()).narrow(some), [name])).toEqual(values(plain.narrow(some), [name]))
    }),
    { numRuns: 100, examples: RARE.map((r) => [[Buffer.from(r, 'latin1')], 1]) },
  )
  expect(searches).toBeGreaterThan(0)
})

/** Texts of an XML document: what no XML may hold is left out, and line ends are as a parser leaves them. */
const content = fc
  .array(fc.constantFrom('a', 'Zz', '\\', '"', "'", '&', '<', '>', ' ', '=', ':', 'é', '😀', '\n', '&amp;', '</Data>', "<Data Name='Q'>"), {
    minLength: 1,
    maxLength: 10,
  })
  .map((p) => p.join(''))
const escaped = (text: string) => text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;')
const datum = fc.tuple(fc.constantFrom('Image', 'CommandLine', 'User', 'ParentImage', 'Client SID:', 'A_B'), content)

function eventOf(data: readonly (readonly [string, string])[]): string {
  const pieces = data.map(([name, text]) => `<Data Name='${name}'>${escaped(text)}</Data>`)
  return `<Event xmlns='http://schemas.microsoft.com/win/2004/08/events/event'><System><EventID>1</EventID><Computer>c</Computer></System><EventData>${pieces.join('')}</EventData></Event>`
}

test('Sysmon events hold what an XML parser finds in them', async () => {
  const source = 'XmlWinEventLog:Microsoft-Windows-Sysmon/Operational'
  await fc.assert(
    fc.asyncProperty(fc.uniqueArray(datum, { selector: ([name]) => name, maxLength: 6 }), async (data) => {
      const raw = eventOf(data)
      const extracted = extractor(shippedKnowledge(), context())(blockOf([{ raw, sourcetype: 'XmlWinEventLog', source }]))
      const parsed = (await parseStringPromise(raw, { explicitArray: true, charkey: 'text', attrkey: 'of' })) as {
        Event: { EventData: (string | { Data: { text?: string; of: { Name: string } }[] })[] }
      }
      const found = parsed.Event.EventData[0]
      for (const d of typeof found === 'object' ? found.Data : []) {
        // The parser leaves out a text of nothing but blanks; an event's value of blanks is a value.
        if (d.text?.trim()) expect([d.of.Name, at(extracted, d.of.Name)]).toEqual([d.of.Name, d.text])
      }
      expect(at(extracted, 'EventID')).toBe('1')
    }),
    { numRuns: 40 },
  )
})

test('rows of many origins have what each origin by itself gives', () => {
  const made = fc.record({
    sourcetype: fc.constantFrom('a', 'b', 'c'),
    host: fc.constantFrom('h1', 'h2'),
    raw: fc.constantFrom('x=1 y=2', 'x=3', '{"x":{"y":[1,2]}}', 'nothing', 'y=4 n=5'),
  })
  const k = knowledgeOf('[a]\nEVAL-z = x + 1\n[b]\nFIELDALIAS-f = x AS z\nrename = c\n[host::h2]\nFIELDALIAS-g = y AS w\n[c]\nEVAL-n = 7')
  fc.assert(
    fc.property(fc.array(made, { minLength: 1, maxLength: 8 }), (events: readonly TestEvent[]) => {
      const names = ['x', 'y', 'z', 'w', 'n', 'x.y{}', 'sourcetype', 'host', '_sourcetype']
      const mixed = extractor(k, context())(tailOf(events))
      const alone = events.map((e) => extractor(k, context())(blockOf([e])))
      // A number beside texts is a text.
      for (const n of names) expect(events.map((_e, i) => textsAt(mixed, n, i))).toEqual(alone.map((b) => textsAt(b, n)))
      const listed = new Set(alone.flatMap((b) => b.names()))
      expect([...listed].every((n) => mixed.names().includes(n))).toBe(true)
    }),
    { numRuns: 100 },
  )
})
