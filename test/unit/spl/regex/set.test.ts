import { closed, foldSet } from '../../../../spl/regex/fold'
import { between, complement, LAST, overlaps, setOf, union } from '../../../../spl/regex/set'

test('ranges that overlap or touch become one', () => {
  expect(union([5, 9], [1, 2], [3, 4], [20, 30])).toEqual([1, 9, 20, 30])
})

test('the complement has what the set has not', () => {
  expect(complement([0, 9, 20, 30])).toEqual([10, 19, 31, LAST])
  expect(complement([0, LAST])).toEqual([])
})

test('parts and overlaps', () => {
  expect(between([0, 9, 20, 30], 5, 25)).toEqual([5, 9, 20, 25])
  expect(overlaps([0, 9, 20, 30], [10, 19])).toBe(false)
  expect(overlaps([0, 9, 20, 30], [10, 20])).toBe(true)
})

test('folding adds the other case', () => {
  expect(foldSet(setOf('b-d'))).toEqual(setOf('B-Db-d'))
  expect(foldSet(setOf('é'))).toEqual(union(setOf('É'), setOf('é')))
  expect(closed(setOf('0-9_'))).toBe(true)
  expect(closed(setOf('a-z'))).toBe(false)
  expect(closed(complement(setOf('\n')))).toBe(true)
})
