import fc from 'fast-check'
import { parseStringPromise } from 'xml2js'
import type { ExtractionKnowledge } from '../../knowledge/extract/definition'
import { extractor } from '../../knowledge/extract/extractor'
import { frameOf } from '../../knowledge/extract/frame'
import { compileExtraction } from '../../knowledge/extract/layers'
import { extractionReader } from '../../knowledge/extract/read'
import { type Batch, rowsOf } from '../../spl/batch/batch'
import { JointBatch } from '../support/joint-batch'
import { at, blockOf, context, knowledgeOf, shippedKnowledge, type TestEvent, tailOf, textsAt } from '../unit/knowledge/extract/support'

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
