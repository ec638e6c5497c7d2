import { readFileSync } from 'node:fs'
import { Parser } from 'xml2js'
import { extractor } from '../../../../knowledge/extract/extractor'
import { at, blockOf, context, hasTruth, shippedKnowledge, type TestEvent, tailOf, truthFile } from './support'

interface TruthEvent extends TestEvent {
  readonly n: number
  readonly kv: string | null
  readonly kv_sourcetype: string | null
  readonly kv_source: string | null
  readonly fields: Readonly<Record<string, string>>
}

if (!hasTruth) console.log('skipped: the truth files are not there')
const overTruth = hasTruth ? describe : describe.skip

overTruth('the shipped add-ons over real events', () => {
  const events = hasTruth
    ? readFileSync(truthFile('events.ndjson'), 'utf8')
        .trim()
        .split('\n')
        .map((l) => JSON.parse(l) as TruthEvent)
    : []
  const stored = events.map(
    ({ raw, sourcetype, source, host }): TestEvent => ({ raw, sourcetype: sourcetype!, source: source!, host: host! }),
  )

  test('each field of an XML event is what its evaluators say', () => {
    const extracted = extractor(shippedKnowledge(), context())(tailOf(stored))
    const wrong = events.flatMap((e, row) =>
      Object.entries(e.fields).flatMap(([name, value]) => {
        const found = at(extracted, name, row)
        // No field is made for an empty element.
        return found === value || (value === '' && found === null) ? [] : [{ n: e.n, name, value, found }]
      }),
    )
    expect(wrong).toEqual([])
    expect(events.length).toBeGreaterThan(200)
  })

  test('blocks give what a mixed tail gives', () => {
    const sysmon = stored.filter((e) => e.source!.endsWith('Sysmon/Operational'))
    const extract = extractor(shippedKnowledge(), context())
    const block = extract(blockOf(sysmon))
    const tail = extract(tailOf(sysmon))
    const names = block.names()
    expect(names).toEqual(tail.names())
    for (const name of names) expect(sysmon.map((_e, i) => at(block, name, i))).toEqual(sysmon.map((_e, i) => at(tail, name, i)))
  })

  test('the text of an event gives the fields of its XML', () => {
    const both = events.filter((e) => e.kv !== null)
    const batch = tailOf(both.map((e) => ({ raw: e.kv!, sourcetype: e.kv_sourcetype!, source: e.kv_source!, host: e.host! })))
    const extracted = extractor(shippedKnowledge(), context())(batch)
    // What a text does not say, or says in words.
    const unsaid = new Set(['Level', 'Task', 'Opcode', 'Keywords', 'Version', 'RpcCallClientLocality'])
    const lines = (v: unknown) => String(v).replace(/\r\n/g, '\n')
    for (const [row, e] of both.entries()) {
      for (const [name, value] of Object.entries(e.fields)) {
        if (!unsaid.has(name)) expect([name, lines(at(extracted, name, row))]).toEqual([name, lines(value)])
      }
    }
    expect(both).toHaveLength(2)
  })

  test('an XML parser finds the same data', async () => {
    const parser = new Parser({ explicitArray: true })
    const extracted = extractor(shippedKnowledge(), context())(tailOf(stored))
    for (const [row, e] of events.entries()) {
      if (!e.raw.startsWith('<Event')) continue
      const document = (await parser.parseStringPromise(e.raw)) as {
        Event: { EventData?: { Data?: { _?: string; $?: { Name: string } }[] }[] }
      }
      for (const d of document.Event.EventData?.[0]?.Data ?? []) {
        if (d.$ && d._ !== undefined && d._.trim() !== '') expect([d.$.Name, at(extracted, d.$.Name, row)]).toEqual([d.$.Name, d._])
      }
    }
  })
})
