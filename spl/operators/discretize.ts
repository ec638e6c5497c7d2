import { type Batch, rowsOf } from '../batch/batch'
import type { Column } from '../batch/column'
import type { TextDictionary } from '../batch/dictionary'
import { numberOf } from '../values/number'
import { bucketsOf, numericBucket } from '../values/time/buckets'
import type { NumericSpan, Span, TimeSpan } from '../values/time/span'
import type { Zone } from '../values/time/zone'
import type { Value } from '../values/value'
import { mapValues } from './map-values'

/** Puts values of a field into buckets. */
export interface Discretizer {
  column(below: Batch, name: string, target: TextDictionary): Column
}

const isTimeSpan = (s: Span): s is TimeSpan => s.kind !== 'number' && s.kind !== 'log'

/**
 * Times of `_time` become the start of their bucket, other numbers the text `low-high`; what is no number stays.
 * @param starts  whether the start of the bucket is the value, as for `_time`
 * @param origin  what buckets of a fixed length count from: epoch seconds
 */
export function discretizer(span: Span, starts: boolean, zone: Zone, origin: number): Discretizer {
  const buckets = isTimeSpan(span) ? bucketsOf(span, zone, origin) : undefined
  const labels = buckets ? undefined : labelled(span as NumericSpan)
  const of = (x: number): Value => {
    if (!buckets) return labels!(x)
    return starts ? buckets.startOf(x) : `${buckets.startOf(x)}-${buckets.next(x)}`
  }
  const map = {
    of(v: Value): Value {
      const x = typeof v === 'number' ? v : typeof v === 'string' ? numberOf(v) : Number.NaN
      return x === x ? of(x) : v
    },
  }
  return {
    column(below, name, target) {
      const c = below.column(name)
      if (!buckets || !starts || c?.kind !== 'number') return mapValues(below, c, map, target)
      const numbers = new Float64Array(below.rows)
      const rows = rowsOf(below)
      for (let i = 0; i < rows.length; i++) numbers[rows[i]!] = buckets.startOf(c.numbers[rows[i]!]!)
      return { kind: 'number', numbers, ...(c.nulls && { nulls: c.nulls }) }
    },
  }
}

/** `10-20`, `1.0-1.5`; the bucket of zero between logarithmic ones is `0`. Neighbouring rows share few buckets: each is written once. */
function labelled(span: NumericSpan): (x: number) => string {
  const known = new Map<number, string>()
  const write = span.kind === 'number' ? (x: number) => x.toFixed(span.decimals) : String
  return (x) => {
    const { low, high } = numericBucket(x, span)
    let label = known.get(low)
    if (label === undefined) {
      label = low === high ? write(low) : `${write(low)}-${write(high)}`
      if (known.size < 10_000) known.set(low, label)
    }
    return label
  }
}

/**
 * The narrowest power of ten that cuts a range into no more than so many buckets.
 * @param least  the width is no less than this
 * @source measured on 10.4: `bins=2` or `minspan=3` over 1..4 give `0-10`
 */
export function widthFor([low, high]: readonly [number, number], bins: number, least = 0): NumericSpan {
  const count = (width: number) => Math.floor(high / width) - Math.floor(low / width) + 1
  const range = high - low
  let k = Math.max(least > 0 ? Math.ceil(Math.log10(least) - 1e-9) : -15, range > 0 ? Math.floor(Math.log10(range / bins)) : 0)
  while (k < 300 && count(10 ** k) > bins) k++
  return { kind: 'number', width: 10 ** k, decimals: Math.max(0, -k) }
}
