import { guarded, RegexTimeout } from '../../../../spl/regex/guard'
import { compileRegex } from '../../../../spl/regex/regex'

test('a job gives its result', () => {
  expect(guarded(100)(() => 6 * 7)).toBe(42)
})

test('a match that backtracks without end is stopped in place', () => {
  const text = `${'a'.repeat(40)}b`
  expect(() => guarded(50)(() => compileRegex('(a+)+$').test(text))).toThrow(RegexTimeout)
  expect(guarded(50)(() => compileRegex('a+b').test(text))).toBe(true)
})

test('what the job throws passes through', () => {
  const own = new RangeError('own')
  expect(() =>
    guarded(100)(() => {
      throw own
    }),
  ).toThrow(own)
})

test('jobs may stand in one another', () => {
  const run = guarded(1000)
  expect(run(() => run(() => 1) + run(() => 2))).toBe(3)
})
