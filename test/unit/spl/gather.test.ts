import { type Batch, batchOf, namesOfAll, rowsOf, withColumns } from '../../../spl/batch/batch'
import { type Column, valueAt } from '../../../spl/batch/column'
import { dictionaries } from '../../../spl/batch/dictionary'
import { compact, Gather } from '../../../spl/batch/gather'
import { madeOrder } from '../../../spl/batch/order'

/** Rows from … of a field that is made at the rows which are alive when it is asked for. */
function part(from: number, rows: number, made: number[]): Batch {
  const x = (below: Batch): Column => {
    const numbers = new Float64Array(below.rows)
    for (const r of rowsOf(below)) {
      numbers[r] = from + r
      made.push(from + r)
    }
    return { kind: 'number', numbers }
  }
  return withColumns(batchOf(rows, [], madeOrder(from, rows)), new Map([['x', x]]))
}

it('rows picked from picked rows: a field is made at these only', () => {
  const made: number[] = []
  const parts = [part(0, 4, made), part(10, 4, made)]
  const all = new Gather({ parts, part: Uint16Array.of(0, 1, 0, 1), row: Uint32Array.of(3, 0, 1, 2) }, madeOrder(0, 4), dictionaries())
  const few = compact(all.narrow(Uint32Array.of(1, 2)), dictionaries())
  expect([0, 1].map((r) => valueAt(few.column('x'), r))).toEqual([10, 1])
  expect([...few.order!.serial]).toEqual([...madeOrder(1, 2).serial])
  expect(made.sort()).toEqual([1, 10])
})

it('names of several lists are in byte order where those of each are', () => {
  expect(namesOfAll([['a', 'c'], ['Z', 'a', 'b'], []])).toEqual(['Z', 'a', 'b', 'c'])
  expect(
    namesOfAll([
      ['b', 'a'],
      ['a', 'c'],
    ]),
  ).toEqual(['b', 'a', 'c'])
})
