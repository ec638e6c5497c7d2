import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { rowsOf } from '../../../../spl/batch/batch'
import { valueAt } from '../../../../spl/batch/column'
import { ALWAYS, type PredicateKind } from '../../../../spl/expressions/predicate'
import { openStore, type SqliteStore } from '../../../../storage/backends/sqlite/store'
import type { NewEvent, ScanOptions } from '../../../../storage/event-store'
import { event, predicate, put, query } from '../../../contract/event-store'

const COUNT = 160
const dir = mkdtempSync(join(tmpdir(), 'headstand-joint-'))
const stores: SqliteStore[] = []
afterAll(async () => {
  for (const s of stores) await s.close()
  rmSync(dir, { recursive: true })
})
/** Forty blocks of four events. */
async function storeOf(change: (e: NewEvent, i: number) => NewEvent): Promise<SqliteStore> {
  const store = await openStore(join(dir, String(stores.length)), { durable: false, blockEvents: 4 })
  stores.push(store)
  await put(
    store,
    Array.from({ length: COUNT }, (_, i) => change(event(`n=${i} ${i % 2 === 0 ? 'even' : 'odd'} ${'x'.repeat(i)}`, 1000 + i), i)),
  )
  await store.seal()
  return store
}
interface PageRead {
  readonly part: unknown
  /** Their first characters. */
  readonly texts: readonly string[]
}
async function pages(store: SqliteStore, filter: PredicateKind, options: ScanOptions): Promise<readonly PageRead[]> {
  const { snapshot } = await store.open(query({ filter: predicate(filter), ordered: false }))
  const out: PageRead[] = []
  for (const task of await store.tasks(snapshot, 1))
    for await (const { batch } of store.scan(task, undefined, undefined, options)) {
      const raw = batch.column('_raw')
      out.push({ part: batch.stored?.part, texts: [...rowsOf(batch)].map((row) => String(valueAt(raw, row)).slice(0, 20)) })
    }
  await store.release(snapshot)
  return out
}
const numbers = (read: readonly PageRead[]) => read.flatMap((p) => p.texts.map((t) => Number(/^n=(\d+)/.exec(t)![1]))).sort((a, b) => a - b)
const all = Array.from({ length: COUNT }, (_, i) => i)
const WHOLE: ScanOptions = { whole: true }

test('the blocks of a stretch come as one page, texts and all, where the task is read to its end', async () => {
  const store = await storeOf((e) => e)
  const whole = await pages(store, ALWAYS, WHOLE)
  expect(whole.map((p) => p.part)).toEqual(['all', 'all', 'all'])
  expect(whole.map((p) => p.texts.length)).toEqual([64, 64, 32])
  expect(numbers(whole)).toEqual(all)
  const single = await pages(store, ALWAYS, {})
  expect(single).toHaveLength(40)
  expect(numbers(single)).toEqual(all)
})

test('what only the texts tell is told of each block of a page', async () => {
  const store = await storeOf((e) => e)
  const found = await pages(store, { word: '*ve*' }, WHOLE)
  expect(found.map((p) => p.part)).toEqual(['all', 'all', 'all'])
  expect(numbers(found)).toEqual(all.filter((n) => n % 2 === 0))
  await store.remove({ query: query({ filter: predicate({ word: 'n=7' }) }) })
  expect(numbers(await pages(store, { word: 'odd' }, WHOLE))).toEqual(all.filter((n) => n % 2 === 1 && n !== 7))
})

test('blocks of several sources come one by one: their events are not extracted alike', async () => {
  const store = await storeOf((e, i) => ({ ...e, source: i % 8 < 4 ? 'a' : 'b' }))
  const read = await pages(store, ALWAYS, WHOLE)
  // Twenty blocks of each: the second stretch has some of both.
  expect(read.map((p) => p.part)).toEqual(['all', ...Array.from({ length: 16 }, (_, i) => i), 'all'])
  expect(numbers(read)).toEqual(all)
})

test('blocks whose texts are too many bytes to be put together come one by one', async () => {
  const store = await storeOf((e) => ({ ...e, raw: Buffer.concat([e.raw, Buffer.alloc(600_000, ' abc')]) }))
  const read = await pages(store, ALWAYS, WHOLE)
  expect(read).toHaveLength(COUNT)
  expect(numbers(read)).toEqual(all)
})
