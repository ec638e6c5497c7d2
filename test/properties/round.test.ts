import fc from 'fast-check'
import { roundHalfUp } from '../../spl/values/number'

/** The rule on the digits that a double prints: what stands past the place decides, a half goes up. */
function byDigits(x: number, places: number): number {
  const [mantissa, exponent = '0'] = String(x).split('e')
  const shifted = Number(`${mantissa}e${Number(exponent) + places}`)
  const [back, backExponent = '0'] = String(Math.floor(shifted + 0.5)).split('e')
  return Number(`${back}e${Number(backExponent) - places}`)
}

const numbers = fc.oneof(
  fc.double({ min: -1e12, max: 1e12, noNaN: true }),
  fc.tuple(fc.integer({ min: -1e7, max: 1e7 }), fc.integer({ min: 0, max: 7 })).map(([n, places]) => n / 10 ** places),
  // Halves, and the doubles next to them.
  fc
    .tuple(fc.integer({ min: -1e5, max: 1e5 }), fc.integer({ min: 1, max: 5 }), fc.constantFrom(0, 1e-12, -1e-12, 1e-9, -1e-9))
    .map(([n, places, off]) => (n * 10 + 5) / 10 ** places + off),
)

test('rounding goes by the printed digits, halves toward +∞', () => {
  fc.assert(
    fc.property(numbers, fc.integer({ min: 0, max: 12 }), (x, places) => {
      const rounded = roundHalfUp(x, places)
      expect(rounded === 0 ? 0 : rounded).toBe(byDigits(x, places) === 0 ? 0 : byDigits(x, places))
    }),
    { numRuns: 2000 },
  )
})
