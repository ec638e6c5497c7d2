import { evalFunction, maybe, number, textOrNumber } from '../expressions/function'
import { fail } from '../text/problems'
import { EXACT, numberOf, numberText, placesOf } from '../values/number'
import { resolveTime } from '../values/time/modifiers'
import { timeSpan } from '../values/time/span'
import type { Zone } from '../values/time/zone'
import { multivalue } from '../values/value'

// DIFFERS: no limit is documented; without one a typing error takes all memory.
const MOST = 100_000

export default evalFunction({
  name: 'mvrange',
  summary: 'Numbers from a start to an end, which is left out, in steps of 1, of another number, or of a time span such as `7d`.',
  source: 'Search Reference, Multivalue eval functions, mvrange',
  params: [number, number, maybe(textOrNumber, 1)],
  returns: 'any',
  examples: [
    ['mvrange(1,11,2)', ['1', '3', '5', '7', '9']],
    ['mvrange(0,172801,"1d")', ['0', '86400', '172800']],
    ['mvrange(0,0.3,0.1)', ['0', '0.1', '0.2']],
    ['mvrange(5,5)', null],
  ],
  call(start, end, step, { context }) {
    const next = stepper(start, step, context.zone)
    const found: string[] = []
    for (let x = start, n = 0; next && x < end; x = next(x, ++n)) {
      if (n >= MOST) throw fail('mvrange-limit', { limit: MOST })
      found.push(textOf(x))
    }
    return multivalue(found)
  },
})

/** How to come from a value to the nth: numbers are multiplied, since adding would heap up errors; spans count on the calendar. */
function stepper(start: number, step: string | number, zone: Zone): ((x: number, n: number) => number) | undefined {
  const by = typeof step === 'number' ? step : numberOf(step)
  if (by > 0) {
    const places = Math.max(decimals(start), decimals(by))
    return (_x, n) => Number((start + n * by).toFixed(places))
  }
  const span = typeof step === 'string' && /^\d+[a-z]+$/.test(step) ? timeSpan(step) : undefined
  return span && ((x) => resolveTime(`+${step}`, x, zone))
}

const decimals = (x: number) => Math.min(100, /e-/.test(String(x)) ? 20 : placesOf(String(x)) % EXACT)
const textOf = (x: number) => numberText(x, EXACT)
