import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { alive, rowsOf } from '../../spl/batch/batch'
import type { PredicateKind } from '../../spl/expressions/predicate'
import type { TermKind } from '../../spl/segments/terms'
import { openStore, type SqliteStore } from '../../storage/backends/sqlite/store'
import type { NewEvent } from '../../storage/event-store'
import { event, pages, predicate, put, query } from '../contract/event-store'
import { asked, eventBytes, kind, reference, segmentation } from '../support/term-reference'

jest.setTimeout(60_000)

/** Stores of which the index decides as much as it can, and as they are. */
const SETTINGS = [{ blockEvents: 3, postingsFrom: 1 }, {}]
let dir: string
const stores: SqliteStore[] = []
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'headstand-terms-'))
  for (const [i, settings] of SETTINGS.entries())
    stores.push(await openStore(join(dir, `${i}`), { durable: false, codec: 'none', ...settings }))
})
afterAll(async () => {
  for (const s of stores) await s.close()
  await rm(dir, { recursive: true })
})

const stored: fc.Arbitrary<NewEvent> = fc
  .record({ raw: eventBytes, how: segmentation, source: fc.constantFrom('a', 'b') })
  .map(({ raw, how, source }) => event(raw, 1_700_000_000, { source, segmentation: how === 'full' ? undefined : how }))

function leaf(k: TermKind, text: string, exactCase: boolean): PredicateKind {
  if (k === 'tokens') return { tokens: text }
  return k === 'word' ? { word: text, exactCase } : k === 'phrase' ? { phrase: text, exactCase } : { term: text, exactCase }
}

async function found(store: SqliteStore, index: string, kind: PredicateKind): Promise<string[]> {
  const all = await pages(store, query({ indexes: [index], filter: predicate(kind), ordered: false }))
  const raws = all.flat().flatMap(({ batch }) => {
    if (alive(batch) === 0) return [] // its texts may not have been read
    const { data, offsets } = batch.bytes!()!
    return [...rowsOf(batch)].map((row) => Buffer.from(data.subarray(offsets[row], offsets[row + 1])))
  })
  return shown(raws)
}
const shown = (raws: readonly Uint8Array[]) => raws.map((r) => Buffer.from(r).toString('latin1')).sort()

type Question = Parameters<typeof reference>[0]
/** The terms of a field's value have no case. */
const question: fc.Arbitrary<Question> = fc
  .record({ kind, wanted: asked, exactCase: fc.boolean() })
  .map((q) => (q.kind === 'tokens' ? { ...q, exactCase: false } : q))

async function expectFound(store: SqliteStore, index: string, events: readonly NewEvent[], q: Question): Promise<void> {
  const p = leaf(q.kind, q.wanted, q.exactCase)
  const matches = (e: NewEvent) => reference(q, Buffer.from(e.raw).toString('utf8'), e.segmentation ?? 'full')
  const raws = (all: readonly NewEvent[]) => shown(all.map((e) => e.raw))
  expect({ p, rows: await found(store, index, p) }).toEqual({ p, rows: raws(events.filter(matches)) })
  expect({ p, others: await found(store, index, { not: predicate(p) }) }).toEqual({ p, others: raws(events.filter((e) => !matches(e))) })
}

test('what a store finds, in the tail and in blocks, is what the reference finds in each event, and its bytes are those that came', async () => {
  let runs = 0
  const property = async (events: readonly NewEvent[], questions: readonly Question[]) => {
    const index = `run${runs++}`
    for (const store of stores) {
      await store.createIndex(index)
      await put(store, events, index)
      for (const sealed of [false, true]) {
        if (sealed) await store.seal()
        expect(await found(store, index, { always: true })).toEqual(shown(events.map((e) => e.raw)))
        for (const q of questions) await expectFound(store, index, events, q)
      }
    }
  }
  const lists = [fc.array(stored, { minLength: 1, maxLength: 12 }), fc.array(question, { minLength: 1, maxLength: 6 })] as const
  await fc.assert(fc.asyncProperty(...lists, property), { numRuns: 40 })
})
