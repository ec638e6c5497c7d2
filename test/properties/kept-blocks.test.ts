import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { rowsOf } from '../../spl/batch/batch'
import { valueAt } from '../../spl/batch/column'
import { EVERYTHING } from '../../spl/batch/demand'
import type { Predicate } from '../../spl/expressions/predicate'
import { compileTerm } from '../../spl/segments/terms'
import { openReader } from '../../storage/backends/sqlite/reader'
import { openStore } from '../../storage/backends/sqlite/store'
import type { EventReader, NewEvent, ScanOptions, Snapshot, StoreQuery } from '../../storage/event-store'

const folder = mkdtempSync(join(tmpdir(), 'headstand-test-'))
afterAll(() => rmSync(folder, { recursive: true }))

/** A filter, and what it says of an event. */
interface Filter {
  readonly predicate: Predicate
  test(e: NewEvent): boolean
}
let nextId = 0
const made = (kind: object): Predicate => ({ id: nextId++, span: { start: 0, end: 0 }, ...kind }) as Predicate
function keyword(kind: 'word' | 'phrase' | 'term', text: string, exactCase: boolean): Filter {
  const t = compileTerm(kind, text, exactCase)
  return { predicate: made({ [kind]: text, ...(exactCase && { exactCase }) }), test: (e) => t.test(Buffer.from(e.raw).toString()) }
}
const leaf: fc.Arbitrary<Filter> = fc.oneof(
  fc
    .tuple(
      fc.constantFrom('word', 'phrase', 'term' as const),
      fc.constantFrom('red', 'Red', 'blue', 'gr*', '*een', 'k.3', 'red blue', 'n=7', 'no', 'É'),
      fc.boolean(),
    )
    .map(([kind, text, exact]) => keyword(kind as 'word', text, exact)),
  fc
    .constantFrom('h0', 'h1')
    .map((host) => ({ predicate: made({ compare: ['host', '=', host] }), test: (e: NewEvent) => e.host === host })),
  fc.constantFrom('s0', 's1').map((s) => ({ predicate: made({ compare: ['source', '=', s] }), test: (e: NewEvent) => e.source === s })),
)
/** More keywords than the index is asked for. */
const many: fc.Arbitrary<Filter> = fc.integer({ min: 33, max: 40 }).map((n) => {
  const words = Array.from({ length: n }, (_, i) => keyword('word', `n=${i * 3}`, false))
  return { predicate: made({ or: words.map((w) => w.predicate) }), test: (e) => words.some((w) => w.test(e)) }
})
const { filter } = fc.letrec<{ filter: Filter }>((tie) => ({
  filter: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    leaf,
    leaf,
    many,
    tie('filter').map((f): Filter => ({ predicate: made({ not: f.predicate }), test: (e) => !f.test(e) })),
    fc
      .array(tie('filter'), { minLength: 2, maxLength: 3 })
      .map((all): Filter => ({ predicate: made({ and: all.map((f) => f.predicate) }), test: (e) => all.every((f) => f.test(e)) })),
    fc
      .array(tie('filter'), { minLength: 2, maxLength: 3 })
      .map((all): Filter => ({ predicate: made({ or: all.map((f) => f.predicate) }), test: (e) => all.some((f) => f.test(e)) })),
  ),
}))

const WORDS = ['red', 'Red', 'blue', 'green', 'grey', 'É', 'é', 'k.3', 'red blue', 'RED;blue', 'nothing']
const FROM = 1_700_000_000
/** @param n  its number in the index, from 0 on */
function eventOf(n: number, [word, more, back]: readonly [number, number, number]): NewEvent {
  return {
    time: FROM + n - back,
    indexTime: FROM,
    host: `h${n % 2}`,
    source: `s${(n >> 6) % 3}`,
    sourcetype: 't',
    raw: Buffer.from(`n=${n} ${WORDS[word]} ${WORDS[more]} ${'tail of the event '.repeat(10)}`),
    fields: fieldsOf(n),
  }
}

const fieldsOf = (n: number) => (n % 11 === 10 ? { k: String(n) } : undefined)

type Step =
  | { readonly put: readonly (readonly [number, number, number])[] }
  | { readonly seal: true }
  | { readonly remove: number }
  | { readonly open: number }
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 5, arbitrary: fc.array(fc.tuple(fc.nat(10), fc.nat(10), fc.nat(9)), { minLength: 1, maxLength: 90 }).map((put) => ({ put })) },
  { weight: 1, arbitrary: fc.constant({ seal: true } as const) },
  { weight: 2, arbitrary: fc.nat(6).map((remove) => ({ remove })) },
  { weight: 3, arbitrary: fc.nat(5).map((open) => ({ open })) },
)

/** Numbers of the events that a snapshot gives, each once; texts are looked at where they are there. */
async function numbersIn(reader: EventReader, snapshot: Snapshot, options: ScanOptions): Promise<number[]> {
  const numbers: number[] = []
  const texts = !options.join && options.text?.() !== false
  for (const task of await reader.tasks(snapshot, 2))
    for await (const { batch } of reader.scan(task, undefined, undefined, options))
      for (const row of rowsOf(batch)) {
        const n = batch.order!.serial[row]!
        numbers.push(n)
        const value = (name: string) => valueAt(batch.column(name), row)
        expect([value('host'), value('source')]).toEqual([`h${n % 2}`, `s${(n >> 6) % 3}`])
        if (!texts) continue
        expect(String(value('_raw'))).toMatch(new RegExp(`^n=${n} `))
        expect(value('k')).toBe(fieldsOf(n)?.k ?? null)
      }
  return numbers.sort((a, b) => a - b)
}

const WAYS: readonly ScanOptions[] = [
  {},
  { text: () => false },
  { whole: true },
  { text: () => false, join: () => true },
  { whole: true, text: () => true },
  { join: () => true },
  { whole: true, join: () => false },
]
let run = 0

test('readers that keep what they know of blocks find what was appended and not removed, whatever came in between', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(step, { minLength: 3, maxLength: 14 }),
      fc.array(filter, { minLength: 6, maxLength: 6 }),
      fc.constantFrom(750, 0.2),
      fc.constantFrom(FROM, FROM + 20),
      async (steps, filters, maxDataSizeMB, earliest) => {
        const dir = join(folder, `store${run++}`)
        const store = await openStore(dir, { blockEvents: 4, durable: false, indexes: { '*': { maxDataSizeMB } } })
        const other = await openReader(store.place)
        const live = new Map<number, NewEvent>()
        const held: { readonly snapshot: Snapshot; readonly had: ReadonlySet<number>; readonly f: Filter; readonly r: EventReader }[] = []
        const query = (f: Filter): StoreQuery => ({
          indexes: ['main'],
          allowed: ['*'],
          earliest,
          latest: FROM + 400,
          filter: f.predicate,
          hints: undefined,
          demand: { ...EVERYTHING, ordered: false },
        })
        const wanted = (f: Filter) => [...live].filter(([, e]) => e.time >= earliest && e.time < FROM + 400 && f.test(e)).map(([n]) => n)
        const check = async (f: Filter, way: ScanOptions) => {
          for (const reader of [store, other]) {
            const { snapshot } = await reader.open(query(f))
            expect(await numbersIn(reader, snapshot, way)).toEqual(wanted(f).sort((a, b) => a - b))
            await reader.release(snapshot)
          }
        }
        const done: Record<string, (s: never) => Promise<void>> = {
          put: async ({ put }: Extract<Step, { put: unknown }>) => {
            const receipt = await store.reserve('main', put.length)
            const events = put.map((e, i) => eventOf(receipt.first + i, e))
            for (const [i, e] of events.entries()) live.set(receipt.first + i, e)
            await store.append('main', events, receipt)
          },
          seal: () => store.seal(),
          remove: async ({ remove }: Extract<Step, { remove: unknown }>) => {
            const serials = [...live.keys()].filter((n) => n % 7 === remove)
            expect(await store.remove({ index: 'main', serials })).toBe(serials.length)
            for (const n of serials) live.delete(n)
          },
          open: async ({ open }: Extract<Step, { open: unknown }>) => {
            const f = filters[open]!
            const r = open % 2 === 0 ? store : other
            const { snapshot } = await r.open(query(f))
            held.push({ snapshot, had: new Set(wanted(f)), f, r })
          },
        }
        try {
          for (const [i, s] of steps.entries()) {
            await done[Object.keys(s)[0]!]!(s as never)
            for (let k = 0; k < 3; k++) await check(filters[(i + k) % filters.length]!, WAYS[(i + k * 2) % WAYS.length]!)
          }
          // What came later is not in them; what was removed since may be.
          for (const [i, { snapshot, had, r }] of held.entries()) {
            const found = await numbersIn(r, snapshot, WAYS[i % WAYS.length]!)
            expect(found.filter((n) => !had.has(n))).toEqual([])
            expect([...had].filter((n) => live.has(n) && !found.includes(n))).toEqual([])
            expect(new Set(found).size).toBe(found.length)
            await r.release(snapshot)
          }
        } finally {
          await other.close()
          await store.close()
        }
      },
    ),
    { numRuns: Number(process.env.RUNS ?? 8) },
  )
})
