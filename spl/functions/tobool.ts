import { any, evalFunction } from '../expressions/function'
import { numberOf } from '../values/number'

const WORDS: ReadonlyMap<string, boolean> = new Map([
  ['true', true],
  ['True', true],
  ['false', false],
  ['False', false],
])

export default evalFunction({
  name: 'tobool',
  summary: 'The truth that a value says: true, True, false, False, or a number, of which only 0 is false; else null.',
  source: 'Search Reference, Conversion functions, tobool',
  params: [any],
  returns: 'boolean',
  examples: [
    ['tostring(tobool("True"))', 'True'],
    ['tostring(tobool(0))', 'False'],
    ['tostring(tobool("yes"))', 'Null'],
  ],
  call(v) {
    if (typeof v === 'boolean') return v
    const x = typeof v === 'number' ? v : typeof v === 'string' ? numberOf(v) : Number.NaN
    return x === x ? x !== 0 : typeof v === 'string' ? (WORDS.get(v) ?? null) : null
  },
})
