import { EVERYTHING } from '../../../../spl/batch/demand'
import { keptRows } from '../../../../spl/operators/kept-rows'
import { comparesBy } from '../../../../spl/operators/sort-keys'
import { batch, contextOf, inSequence, rowsOut, stage } from '../../../support/stages'

const context = contextOf(stage('sort x'), { batchRows: 10 })
const byX = comparesBy([{ field: 'x', kind: 'auto', descending: false, signed: false }], false)
const kept = (limit: number, reversed = false) => keptRows({ compare: byX, limit, reversed, demand: EVERYTHING, context })

test('no more rows are held than must be, and they are the first ones', () => {
  const acc = kept(5)
  let most = 0
  for (let from = 0; from < 2000; from += 10) {
    const rows = Array.from({ length: 10 }, (_, i) => ({ x: ((from + i) * 7919) % 2000, n: from + i }))
    acc.add(batch(rows, inSequence(10, from)))
    most = Math.max(most, acc.bytes)
  }
  expect(rowsOut(acc.finish()).rows.map((r) => r.x)).toEqual(['0', '1', '2', '3', '4'])
  // 20 rows of two numbers with their places, twice while they are put in order.
  expect(most).toBeLessThan(2_000)
})

test('equal rows stand in the order of events, or the other way round, whatever came first', () => {
  const rows = ['a', 'b', 'c', 'd'].map((n) => ({ x: 1, n }))
  const names = (reversed: boolean) => {
    const acc = kept(3, reversed)
    acc.add(batch(rows.slice(2), inSequence(2, 2)))
    acc.add(batch(rows.slice(0, 2), inSequence(2)))
    return rowsOut(acc.finish()).rows.map((r) => r.n)
  }
  expect(names(false)).toEqual(['a', 'b', 'c'])
  expect(names(true)).toEqual(['d', 'c', 'b'])
})

test('batches of few rows are put together', () => {
  const acc = kept(Number.POSITIVE_INFINITY)
  for (let i = 0; i < 3000; i++) acc.add(batch([{ x: 3000 - i }], inSequence(1, i)))
  const out = rowsOut(acc.finish()).rows
  expect(out.map((r) => Number(r.x))).toEqual(Array.from({ length: 3000 }, (_, i) => i + 1))
})
