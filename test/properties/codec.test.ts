import fc from 'fast-check'
import { type Batch, batchOf, rowsOf } from '../../spl/batch/batch'
import { decodeBatch, decodeState, encodeBatch, encodeState } from '../../spl/batch/codec'
import { type Column, placesAt, valueAt } from '../../spl/batch/column'
import { TextDictionary } from '../../spl/batch/dictionary'
import { indexAt } from '../../spl/batch/order'
import type { Value } from '../../spl/values/value'

/** Any text: lone surrogates, a byte order mark, characters of four bytes, nothing. */
const text = fc.oneof(
  fc.string({ maxLength: 6 }),
  fc.string({ unit: 'binary', maxLength: 6 }),
  fc.string({ unit: fc.constantFrom('\ud83d', '\ude00', '\ufeff', '\0', 'é', '😀'), maxLength: 4 }),
)
const number = fc.oneof(fc.double(), fc.integer(), fc.constantFrom(Number.NaN, -0, Infinity, -Infinity, 2 ** 53))
const place = fc.constantFrom(127, 0, 2, -3)
/** What stands where no row is alive must not be looked at. */
const JUNK = 1_000_000

type Cells = (alive: readonly boolean[], dictionaries: readonly TextDictionary[]) => Column

/** Entries of a dictionary that is not the column's alone, some of them twice. */
function filled(dictionary: TextDictionary, texts: readonly string[]): (text: string) => number {
  const codes = new Map(texts.map((t) => [t, dictionary.append(t)]))
  return (t) => codes.get(t) ?? dictionary.intern(t)
}

const constantCells: fc.Arbitrary<Cells> = fc
  .tuple(fc.oneof(number, text, fc.constant(null), fc.array(text, { minLength: 2, maxLength: 3 })), place)
  .map(([value, places]) => () => ({ kind: 'constant', value: value as Value, places }))

const numberCells = (n: number): fc.Arbitrary<Cells> =>
  fc
    .record({
      numbers: fc.array(number, { minLength: n, maxLength: n }),
      nulls: fc.array(fc.boolean(), { minLength: n, maxLength: n }),
      places: fc.array(place, { minLength: n, maxLength: n }),
      plain: fc.boolean(),
      exact: fc.boolean(),
    })
    .map((x) => () => ({
      kind: 'number',
      numbers: Float64Array.from(x.numbers),
      ...(!x.plain && { nulls: Uint8Array.from(x.nulls, Number) }),
      ...(!x.exact && { places: Int8Array.from(x.places) }),
    }))

const textCells = (n: number): fc.Arbitrary<Cells> =>
  fc
    .tuple(fc.array(fc.option(text), { minLength: n, maxLength: n }), fc.array(text), fc.nat(1))
    .map(([values, others, d]) => (alive, dictionaries) => {
      const code = filled(dictionaries[d]!, others)
      return {
        kind: 'dictionary',
        codes: Int32Array.from(values, (v, i) => (!alive[i] ? JUNK : v === null ? -1 : code(v))),
        dictionary: dictionaries[d]!,
      }
    })

const listCells = (n: number): fc.Arbitrary<Cells> =>
  fc
    .tuple(fc.array(fc.array(text, { maxLength: 3 }), { minLength: n, maxLength: n }), fc.array(text), fc.nat(1))
    .map(([lists, others, d]) => (alive, dictionaries) => {
      const code = filled(dictionaries[d]!, others)
      const offsets = new Uint32Array(n + 1)
      for (const [i, l] of lists.entries()) offsets[i + 1] = offsets[i]! + l.length
      return {
        kind: 'multivalue',
        offsets,
        codes: Int32Array.from(lists.flatMap((l, i) => l.map((t) => (alive[i] ? code(t) : JUNK)))),
        dictionary: dictionaries[d]!,
      }
    })

const cells = (n: number): fc.Arbitrary<Cells> => fc.oneof(constantCells, numberCells(n), textCells(n), listCells(n))
const fieldName = fc.oneof(text, fc.constantFrom('_time', '__proto__', 'constructor', '#'))

const batch: fc.Arbitrary<Batch> = fc.nat(6).chain((n) =>
  fc
    .record({
      columns: fc.uniqueArray(fc.tuple(fieldName, cells(n)), { selector: ([name]) => name, maxLength: 4 }),
      alive: fc.array(fc.boolean(), { minLength: n, maxLength: n }),
      selected: fc.boolean(),
      times: fc.option(fc.array(number, { minLength: n, maxLength: n })),
      ranks: fc.option(fc.array(fc.nat(65_535), { minLength: n, maxLength: n })),
      backwards: fc.boolean(),
    })
    .map((x) => {
      const alive = x.selected ? x.alive : x.alive.map(() => true)
      const dictionaries = [new TextDictionary(), new TextDictionary()]
      const order = x.times
        ? {
            time: Float64Array.from(x.times),
            serial: Float64Array.from(x.times, (_t, i) => i),
            index: x.ranks ? Uint16Array.from(x.ranks) : 7,
          }
        : undefined
      const made = batchOf(
        n,
        x.columns.map(([name, make]) => [name, make(alive, dictionaries)] as const),
        order,
      )
      const rows = alive.flatMap((a, i) => (a ? [i] : []))
      return x.selected ? made.narrow(Uint32Array.from(x.backwards ? rows.reverse() : rows)) : made
    }),
)

/** All that can be known of the alive rows. */
function shown(b: Batch) {
  const rows = [...rowsOf(b)]
  return {
    names: b.names(),
    cells: b.names().map((n) => rows.map((r) => cellOf(b.column(n)!, r))),
    order: b.order && rows.map((r) => [b.order!.time[r], b.order!.serial[r], indexAt(b.order!, r)]),
  }
}
/** A number column's cell, null or not, and how many digits of it are known. */
function cellOf(c: Column, row: number) {
  const value = valueAt(c, row)
  const number = c.kind === 'number' && value !== null ? [c.numbers[row], placesAt(c, row)] : []
  return [c.kind, value, ...number]
}

describe('batches as bytes', () => {
  it('come back with the rows that are alive', () => {
    fc.assert(
      fc.property(batch, (b) => {
        const back = decodeBatch(encodeBatch(b, b.names()))
        expect(back.selection).toBeUndefined()
        expect(back.rows).toBe(rowsOf(b).length)
        expect(shown(back)).toEqual(shown(b))
      }),
    )
  })

  it('come back from the middle of a file, wherever they stand', () => {
    fc.assert(
      fc.property(batch, fc.nat(17), (b, before) => {
        const bytes = encodeBatch(b, b.names())
        const file = new Uint8Array(before + bytes.length + 3).fill(255)
        file.set(bytes, before)
        expect(shown(decodeBatch(file.subarray(before, before + bytes.length)))).toEqual(shown(b))
      }),
    )
  })

  it('hold the columns that were asked for, those that there are', () => {
    fc.assert(
      fc.property(batch, fc.subarray(['_time', '__proto__', 'nowhere']), (b, names) => {
        const back = decodeBatch(encodeBatch(b, names))
        expect(back.names()).toEqual(names.filter((n) => b.column(n)))
      }),
    )
  })

  it('carry only the texts that are used', () => {
    const dictionary = new TextDictionary()
    for (let i = 0; i < 60_000; i++) dictionary.append(`text ${i}`)
    const column: Column = { kind: 'dictionary', codes: Int32Array.of(5, 59_999, 5, -1), dictionary }
    expect(encodeBatch(batchOf(4, [['a', column]]), ['a']).length).toBeLessThan(400)
  })
})

describe('states as bytes', () => {
  it('come back, whatever the lengths of their columns', () => {
    const column = fc.nat(6).chain((n) => cells(n).map((make) => ({ n, make })))
    const state = fc.uniqueArray(fc.tuple(fieldName, column), { selector: ([name]) => name, maxLength: 5 })
    fc.assert(
      fc.property(state, (columns) => {
        const dictionaries = [new TextDictionary(), new TextDictionary()]
        const made = Object.fromEntries(columns.map(([name, { n, make }]) => [name, make(Array(n).fill(true), dictionaries)]))
        const back = decodeState(encodeState(made))
        expect(Object.keys(back)).toEqual(Object.keys(made))
        for (const [name, { n }] of columns) {
          for (let i = 0; i < n; i++) expect(cellOf(back[name]!, i)).toEqual(cellOf(made[name]!, i))
          expect(lengthOf(back[name]!)).toBe(lengthOf(made[name]!))
        }
      }),
    )
  })

  it('share no array with what was encoded', () => {
    const numbers = Float64Array.of(1, 2, 3)
    const bytes = encodeState({ n: { kind: 'number', numbers } })
    numbers.fill(0)
    expect([...(decodeState(bytes).n as { numbers: Float64Array }).numbers]).toEqual([1, 2, 3])
  })
})

function lengthOf(c: Column): number {
  return c.kind === 'number' ? c.numbers.length : c.kind === 'dictionary' ? c.codes.length : c.kind === 'multivalue' ? c.offsets.length : 0
}
