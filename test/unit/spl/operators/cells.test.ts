import type { Cell } from '../../../../spl/operators/cell'
import { extreme, list, numbers, texts } from '../../../../spl/operators/cells'
import { EXACT_NUMBERS } from '../../../../spl/operators/numbers-cell'
import { nearestRank, percentile } from '../../../../spl/operators/percentile'

/** What a cell holds, absorbed by another one, its groups numbered anew. */
function carried<C extends Cell>(from: C, to: C, groups: readonly number[]): C {
  const state = from.encode(0, groups.length)
  to.reserve(Math.max(0, ...groups) + 1)
  to.absorb((part) => state[part], Int32Array.from(groups))
  return to
}

test('percentiles are exact up to so many distinct numbers, and near past that, however they come together', () => {
  const wholes = Array.from({ length: EXACT_NUMBERS }, (_, i) => i + 0.25)
  const many = Array.from({ length: 60_000 }, (_, i) => ((i * 7919) % 60_000) + 0.25)
  const filled = (all: readonly number[], cell = numbers('nearest')()) => {
    cell.reserve(1)
    for (const x of all) cell.add(0, x)
    return cell
  }
  expect(percentile(filled(wholes).ranked(0), 50)).toBe(EXACT_NUMBERS / 2 - 0.25)
  const one = filled(many).ranked(0)
  expect(one.x.length).toBeLessThan(15_000)
  expect(percentile(one, 90)! / 54_000).toBeCloseTo(1, 3)
  const halves = [filled(many.slice(0, 500)), filled(many.slice(500))].reduce(
    (whole, half) => carried(half, whole, [0]),
    numbers('nearest')(),
  )
  expect(halves.ranked(0)).toEqual(one)
  expect(percentile(filled(many, numbers('up')()).ranked(0), 90)!).toBeGreaterThanOrEqual(
    percentile(filled(many, numbers()()).ranked(0), 90)!,
  )
  expect(nearestRank(filled(many, numbers()()).ranked(0), 90)).toBe(53_999.25)
})

test('an extreme keeps the spelling, whichever equal one comes first', () => {
  const of = (first: string | undefined, second: string | undefined) => {
    const cell = extreme('least')()
    cell.reserve(1)
    for (const t of [first, second]) cell.addNumber(0, 1, t === undefined ? -1 : cell.interner.ofText(t))
    return cell.value(0)
  }
  expect(of('1.0', '01')).toBe('01')
  expect(of('01', '1.0')).toBe('01')
  expect(of(undefined, '1.0')).toBe(of('1.0', undefined))
})

test('texts of a group that is left out are left out', () => {
  const cell = texts()
  cell.reserve(3)
  for (const [g, t] of [
    [0, 'b'],
    [1, 'x'],
    [2, 'c'],
    [0, 'a'],
    [0, 'b'],
  ] as const)
    cell.add(g, cell.interner.ofText(t))
  const whole = carried(cell, texts(), [5, -1, 5])
  expect(whole.texts(5)).toEqual(['a', 'b', 'c'])
  expect(whole.distinct(5)).toBe(3)
  expect(whole.interner.text(whole.most(5))).toBe('b')
})

test('a list keeps the first in the order of events, and says when there were more', () => {
  const places = { time: Float64Array.of(1, 5, 3, 4), serial: new Float64Array(4), index: new Float64Array(4) }
  const cell = list(3)()
  cell.reserve(1)
  for (let i = 0; i < 3; i++) cell.add(0, cell.interner.ofText(`${places.time[i]}`), places, i)
  expect([cell.list(0), cell.full]).toEqual([['5', '3', '1'], false])
  cell.add(0, cell.interner.ofText('4'), places, 3)
  const whole = carried(cell, list(3)(), [0])
  expect([whole.list(0), whole.full]).toEqual([['5', '4', '3'], true])
})
