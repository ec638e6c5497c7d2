import fc from 'fast-check'
import { type Batch, batchOf, rowsOf } from '../../spl/batch/batch'
import { valueAt } from '../../spl/batch/column'
import { dictionaries, TextDictionary } from '../../spl/batch/dictionary'
import { compareOrder, indexAt, type Order } from '../../spl/batch/order'
import { OrderedMerge } from '../../spl/run/ordered'

interface Row {
  readonly time: number
  readonly serial: number
  readonly index: number
}
const row: fc.Arbitrary<Row> = fc.record({ time: fc.integer({ min: -3, max: 3 }), serial: fc.nat(4), index: fc.nat(2) })
/** No two rows have the same place, as events do not. */
const events = fc.uniqueArray(row, { selector: (r) => `${r.time} ${r.serial} ${r.index}`, maxLength: 40 })

const nameOf = (r: Row) => `${r.time}/${r.serial}/${r.index}`

/** Rows as a batch, among rows that are dead; with one index for all where they share it. */
function batchFrom(rows: readonly Row[], odd: boolean): Batch {
  const all = odd ? rows.flatMap((r) => [{ time: 99, serial: 99, index: 9 }, r]) : rows
  const same = rows.every((r) => r.index === rows[0]!.index)
  const order: Order = {
    time: Float64Array.from(all, (r) => r.time),
    serial: Float64Array.from(all, (r) => r.serial),
    index: same ? (rows[0]?.index ?? 0) : Uint16Array.from(all, (r) => r.index),
  }
  const dictionary = new TextDictionary()
  const codes = Int32Array.from(all, (r) => dictionary.append(nameOf(r)))
  const b = batchOf(all.length, [['name', { kind: 'dictionary', codes, dictionary }]], order)
  return odd ? b.narrow(Uint32Array.from(rows, (_r, i) => 2 * i + 1)) : b
}
function namesOf(b: Batch): string[] {
  const rows = [...rowsOf(b)]
  for (const [i, r] of rows.entries()) if (i > 0) expect(compareOrder(b.order!, rows[i - 1]!, b.order!, r)).toBeLessThanOrEqual(0)
  return rows.map((r) => {
    const name = String(valueAt(b.column('name'), r))
    expect(name).toBe(nameOf({ time: b.order!.time[r]!, serial: b.order!.serial[r]!, index: indexAt(b.order!, r) }))
    return name
  })
}
const sorted = (rows: readonly Row[]) => [...rows].sort((a, b) => b.time - a.time || b.serial - a.serial || a.index - b.index)

/** Cuts rows at the places given. */
function cut<T>(rows: readonly T[], at: readonly number[]): T[][] {
  const places = [...new Set([0, ...at.map((a) => a % (rows.length + 1)), rows.length])].sort((a, b) => a - b)
  return places.slice(1).map((end, i) => rows.slice(places[i], end))
}

it('gives all rows in the order of events, whatever the batches and the bounds', () => {
  fc.assert(
    fc.property(events, fc.array(fc.nat(40)), fc.integer({ min: 1, max: 7 }), fc.boolean(), (rows, at, size, odd) => {
      const merge = new OrderedMerge(size, dictionaries())
      const parts = cut(rows, at)
      const out: Batch[] = []
      for (const [i, part] of parts.entries()) {
        merge.add(batchFrom(part, odd))
        // The best that a source can say: the latest of all that is still to come.
        const later = parts.slice(i + 1).flat()
        const bound = later.length === 0 ? Number.NEGATIVE_INFINITY : Math.max(...later.map((r) => r.time))
        out.push(...merge.take(bound))
        expect(merge.front).toBeLessThanOrEqual(bound)
      }
      const rest = merge.flush()
      if (rest) out.push(rest)
      expect(out.flatMap(namesOf)).toEqual(sorted(rows).map(nameOf))
      expect(merge.empty).toBe(true)
      for (const b of out) expect(b.rows).toBeLessThanOrEqual(size)
    }),
  )
})

it('keeps the sequence of rows that share a place: one event, multiplied', () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(row, fc.integer({ min: 1, max: 3 })), { maxLength: 12 }),
      fc.array(fc.nat(40)),
      fc.integer({ min: 1, max: 5 }),
      (multiplied, at, size) => {
        const unique = new Map(multiplied.map((m) => [nameOf(m[0]), m]))
        const copies = sorted([...unique.values()].map(([r]) => r)).flatMap((r) =>
          Array.from({ length: unique.get(nameOf(r))![1] }, (_, k) => ({ r, k })),
        )
        const merge = new OrderedMerge(size, dictionaries())
        for (const part of cut(copies, at)) {
          const b = batchFrom(
            part.map((c) => c.r),
            false,
          )
          merge.add(
            batchOf(
              b.rows,
              [
                ['copy', { kind: 'number', numbers: Float64Array.from(part, (c) => c.k) }],
                ['name', b.column('name')!],
              ],
              b.order,
            ),
          )
        }
        const out = [...merge.take(Number.NEGATIVE_INFINITY)]
        const rest = merge.flush()
        if (rest) out.push(rest)
        const seen = out.flatMap((b) => [...rowsOf(b)].map((r) => `${valueAt(b.column('name'), r)} ${valueAt(b.column('copy'), r)}`))
        expect(seen).toEqual(copies.map((c) => `${nameOf(c.r)} ${c.k}`))
      },
    ),
  )
})

it('gives nothing of nothing', () => {
  const merge = new OrderedMerge(3, dictionaries())
  merge.add(batchFrom([], false))
  expect([...merge.take(Number.NEGATIVE_INFINITY)]).toEqual([])
  expect(merge.flush()).toBeUndefined()
  expect(merge.front).toBe(Number.NEGATIVE_INFINITY)
})
