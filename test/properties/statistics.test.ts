import fc from 'fast-check'
import { decodeState, encodeState } from '../../spl/batch/codec'
import { pickOrder } from '../../spl/batch/order'
import type { Accumulator } from '../../spl/syntax/behaviour'
import { accumulator, batch, inSequence, type Layout, type Row, rowsOut, stage } from '../support/stages'

/** Values that are told apart by spelling, kind and count; sums of them are exact, so that their sequence does not show. */
const value = fc.oneof(
  fc.integer({ min: -20, max: 20 }),
  fc.constantFrom('1', '1.0', '01', '2.5', 'a', 'b', 'B', '', 'é', '😀', '-0', '1e3'),
  fc.constant(null),
  fc.array(fc.constantFrom('1', '2', 'x', 'y', 'y'), { minLength: 2, maxLength: 3 }),
)
const row = fc.record({
  g: fc.oneof(fc.constantFrom('a', 'b', '10', '9', '9.0'), fc.constant(null), fc.constantFrom(['a', 'b'], ['b', 'b'])),
  h: fc.constantFrom(1, 2, 'z'),
  x: value,
  y: value,
  x_late: fc.option(fc.integer({ min: 0, max: 5 }), { freq: 8 }),
  _time: fc.integer({ min: 1000, max: 1010 }),
})
const layout = fc.constantFrom<Layout>('built', 'dictionary', 'lists')
const cuts = fc.record({
  tasks: fc.integer({ min: 1, max: 3 }),
  size: fc.integer({ min: 1, max: 7 }),
  parts: fc.integer({ min: 1, max: 3 }),
  layout,
})

const STATISTICS = [
  'count count(x) c(y) dc(x) estdc(x) estdc_error(x) values(x) list(x) mode(x) first(x) last(x) min(x) max(y)',
  'sum(x) avg(x) mean(y) sumsq(x) range(x) var(x) varp(y) stdev(x) stdevp(x) median(x) perc50(x) p90(y) upperperc95(x) exactperc25(x)',
  'earliest(x) latest(x) earliest_time(y) latest_time(y) rate(x)',
  'values(*) AS * sum(x*) AS s*_of count(eval(x>1)) AS big max(eval(x+1)) AS more',
  'allnum=t sum(x) avg(y) count',
]
const GROUPS = ['', 'BY g', 'BY g, h', 'BY h g dedup_splitvals=t', 'BY _time']
const COMMANDS = [
  ...STATISTICS.flatMap((s) => GROUPS.map((g) => `stats ${s} ${g}`)),
  'top limit=2 x BY g useother=t',
  'rare x, h',
  'sort - x, +num(y), g',
  'sort 3 g -h',
  'tail 4',
]

interface Cut {
  readonly tasks: number
  readonly size: number
  readonly parts: number
  readonly layout: Layout
}

/** The rows dealt to tasks in batches, each task's state carried as bytes, absorbed a part of the keys at a time by as many instances. */
function inTasks(text: string, rows: readonly Row[], cut: Cut): readonly Row[] {
  const s = stage(text)
  const order = inSequence(rows.length)
  const tasks = Array.from({ length: cut.tasks }, () => accumulator(s, { batchRows: cut.size }))
  for (let from = 0, n = 0; from < rows.length; from += cut.size, n++) {
    const at = Uint32Array.from({ length: Math.min(cut.size, rows.length - from) }, (_, i) => from + i)
    tasks[n % cut.tasks]!.add(
      batch(
        [...at].map((i) => rows[i]!),
        pickOrder(order, at),
        cut.layout,
      ),
    )
  }
  const whole = accumulator(s, { batchRows: cut.size })
  for (const t of tasks) carry(t, whole)
  return rowsOut(whole.finish()).rows
}
function carry(from: Accumulator, to: Accumulator, part?: { readonly index: number; readonly of: number }) {
  for (const state of from.encode()) to.absorb(decodeState(encodeState(state)), part)
}

function atOnce(text: string, rows: readonly Row[]): Accumulator {
  const one = accumulator(stage(text))
  one.add(batch(rows, inSequence(rows.length)))
  return one
}

test('however rows are cut into batches and tasks, the same comes out', () => {
  fc.assert(
    fc.property(fc.constantFrom(...COMMANDS), fc.array(row, { maxLength: 20, size: 'max' }), cuts, (text, rows, cut) => {
      expect(inTasks(text, rows, cut)).toEqual(rowsOut(atOnce(text, rows).finish()).rows)
    }),
    { numRuns: 150 },
  )
})

test('states of which each instance takes a part of the keys give the same groups', () => {
  const by = COMMANDS.filter((c) => c.includes('BY g') && c.startsWith('stats'))
  fc.assert(
    fc.property(fc.constantFrom(...by), fc.array(row, { maxLength: 20, size: 'max' }), fc.integer({ min: 2, max: 4 }), (text, rows, of) => {
      const one = atOnce(text, rows)
      const parts = Array.from({ length: of }, (_, index) => {
        const part = accumulator(stage(text))
        carry(one, part, { index, of })
        return rowsOut(part.finish()).rows
      })
      const sorted = (a: readonly Row[]) => a.map((r) => JSON.stringify(r)).sort()
      expect(sorted(parts.flat())).toEqual(sorted(rowsOut(one.finish()).rows))
    }),
    { numRuns: 40 },
  )
})

test('what has been finished and encoded is as it was', () => {
  fc.assert(
    fc.property(fc.constantFrom(...COMMANDS), fc.array(row, { maxLength: 20 }), fc.array(row, { maxLength: 5 }), (text, rows, more) => {
      const one = accumulator(stage(text), { batchRows: 3 })
      const other = accumulator(stage(text), { batchRows: 3 })
      const add = (a: Accumulator) => {
        a.add(batch(rows, inSequence(rows.length)))
        return () => a.add(batch(more, inSequence(more.length, rows.length)))
      }
      const then = add(one)
      const first = rowsOut(one.finish()).rows
      for (const _state of one.encode());
      expect(rowsOut(one.finish()).rows).toEqual(first)
      then()
      add(other)()
      expect(rowsOut(one.finish()).rows).toEqual(rowsOut(other.finish()).rows)
      expect(one.bytes).toBeGreaterThanOrEqual(0)
    }),
    { numRuns: 50 },
  )
})
