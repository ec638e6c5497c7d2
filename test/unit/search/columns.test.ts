import { ColumnCache } from '../../../search/columns'
import type { StoredRows } from '../../../spl/batch/batch'
import { batchOf } from '../../../spl/batch/batch'
import type { DictionaryColumn } from '../../../spl/batch/column'
import { valueAt } from '../../../spl/batch/column'
import { TextDictionary } from '../../../spl/batch/dictionary'
import type { ScanTask } from '../../../storage/event-store'

const LENGTHS = Uint32Array.of(2, 3)
const rows = (part: StoredRows['part']): StoredRows => ({
  stretch: 'main/0/0/1-2',
  lengths: LENGTHS,
  part,
  whole: () => batchOf(typeof part === 'number' ? LENGTHS[part]! : 5, []),
})
const stretch = { key: 'main/0/0/1-2', lengths: LENGTHS }
function column(...texts: readonly (string | null)[]): DictionaryColumn {
  const dictionary = new TextDictionary()
  return { kind: 'dictionary', codes: Int32Array.from(texts, (t) => (t === null ? -1 : dictionary.intern(t))), dictionary }
}
const known = (knowledge = 'a') => new ColumnCache().of(knowledge)

it('puts parts of several dictionaries together, and those without the field among them', () => {
  const columns = known()
  columns.put(rows(0), 'a', column('x', null))
  columns.put(rows(1), 'a', column('y', 'x', 'z'))
  columns.put(rows(0), 'b', undefined)
  columns.put(rows(1), 'b', column('w', null, 'w'))
  expect(columns.mayDo(stretch, ['a', 'b'], Uint8Array.of(1, 1))).toBe(true)
  const texts = (name: string) => [0, 1, 2, 3, 4].map((row) => valueAt(columns.get(rows(undefined), name) ?? undefined, row))
  for (let i = 0; i < 2; i++) {
    expect(texts('a')).toEqual(['x', null, 'y', 'x', 'z'])
    expect(texts('b')).toEqual([null, null, 'w', null, 'w'])
  }
  expect(valueAt(columns.get(rows(1), 'a') ?? undefined, 2)).toBe('z')
})

it('gives what was put for all parts at once as a whole and part by part', () => {
  const columns = known()
  columns.put(rows('all'), 'a', column('x', null, 'y', 'x', 'z'))
  columns.put(rows('all'), 'b', undefined)
  expect(columns.mayDo(stretch, ['a', 'b'], Uint8Array.of(1, 1))).toBe(true)
  for (const part of ['all', undefined] as const) {
    expect([0, 1, 2, 3, 4].map((row) => valueAt(columns.get(rows(part), 'a') ?? undefined, row))).toEqual(['x', null, 'y', 'x', 'z'])
    expect(columns.get(rows(part), 'b')).toBeNull()
  }
  expect([0, 1].map((row) => valueAt(columns.get(rows(0), 'a') ?? undefined, row))).toEqual(['x', null])
  expect([0, 1, 2].map((row) => valueAt(columns.get(rows(1), 'a') ?? undefined, row))).toEqual(['y', 'x', 'z'])
  expect(columns.get(rows(1), 'b')).toBeNull()
})

it('gives nothing for all parts while some are missing', () => {
  const columns = known()
  columns.put(rows(0), 'a', column('x', null))
  expect(columns.get(rows('all'), 'a')).toBeUndefined()
  columns.put(rows(1), 'a', column('y', 'x', 'z'))
  expect(columns.get(rows('all'), 'a')).toMatchObject({ kind: 'dictionary' })
})

it('does not make empty what was never looked for', () => {
  const columns = known()
  columns.put(rows(0), 'a', column('x', 'x'))
  columns.put(rows(1), 'a', undefined)
  columns.put(rows(0), 'b', column('y', 'y'))
  expect(columns.mayDo(stretch, ['a', 'b'], Uint8Array.of(1, 1))).toBe(false)
  expect(columns.mayDo(stretch, ['a'], Uint8Array.of(1, 1))).toBe(true)
  // As if what was kept of b had been thrown away meanwhile, but for what another search put.
  expect(columns.get(rows(undefined), 'b')).toBeUndefined()
  expect(columns.mayDo(stretch, ['a', 'b'], Uint8Array.of(1, 0))).toBe(true)
  expect(columns.get(rows(undefined), 'b')).toMatchObject({ kind: 'dictionary' })
})

it('does nothing for events that may have the field from elsewhere', () => {
  const columns = known()
  columns.put(rows(0), 'a', column('x', 'x'))
  columns.put(rows(1), 'a', undefined)
  expect(columns.mayDo(stretch, ['a'], Uint8Array.of(1, 2))).toBe(false)
})

it('keeps what each knowledge gives apart', () => {
  const cache = new ColumnCache()
  cache.of('one').put(rows(0), 'a', column('x', 'x'))
  expect(cache.of('another').get(rows(0), 'a')).toBeUndefined()
  expect(cache.of('one').get(rows(0), 'a')).toMatchObject({ kind: 'dictionary' })
})

it('asks the disk for what is not there again only once something was written', async () => {
  const asked: (readonly string[])[] = []
  const store = {
    writes: 1 as number | undefined,
    async *read(_made: string, fields: readonly string[]) {
      asked.push(fields)
      if (store.writes === 2) yield { field: 'a', stretch: stretch.key, values: { codes: Int32Array.of(0, 0, 0, 0, 0), texts: ['x'] } }
    },
    write: async () => {},
  }
  const task = { stretch } as unknown as ScanTask
  const columns = known()
  const load = () => columns.load(store, [task], ['a', 'b'])
  await load()
  await load()
  expect(asked).toEqual([['a', 'b']])
  store.writes = 2
  await load()
  await load()
  expect(asked.slice(1)).toEqual([['a', 'b']])
  expect(valueAt(columns.get(rows('all'), 'a') ?? undefined, 4)).toBe('x')
  // Where others may write unheard, the disk is asked each time.
  store.writes = undefined
  await load()
  expect(asked.slice(2)).toEqual([['b']])
})
