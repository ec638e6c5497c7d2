import { type Cell, numbersColumn, numbersOf, type Parts } from './cell'

/** Distinct numbers of a group up to which percentiles are exact. */
export const EXACT_NUMBERS = 10_000
/** Bits of a number that are kept past that: an error of at most 1 in 2,048. */
const BITS = 11

/** A group's numbers with their counts, in no order until they are put in one. */
interface Numbers {
  x: number[]
  counts: number[]
  /** How many of them are in order and distinct. */
  settled: number
  coarse: boolean
}

/** Sorted numbers, each with the count of those up to and including it. */
export interface Ranked {
  readonly x: readonly number[]
  readonly upTo: readonly number[]
}

/**
 * All numbers of a group, for percentiles. Past 10,000 distinct ones the numbers of a group are rounded to 11 bits, if it may be, so that
 * a group needs little room: which numbers are rounded depends on all of the group alone, and not on how its rows were cut.
 */
export class NumbersCell implements Cell {
  private readonly groups: Numbers[] = []
  private count = 0
  constructor(private readonly rounding: 'none' | 'nearest' | 'up') {}

  get bytes(): number {
    return this.count * 16 + this.groups.length * 120
  }
  reserve(groups: number): void {
    while (this.groups.length < groups) this.groups.push({ x: [], counts: [], settled: 0, coarse: false })
  }
  add(group: number, x: number, count = 1): void {
    const own = this.groups[group]!
    own.x.push(x)
    own.counts.push(count)
    this.count++
    if (own.x.length >= 2 * own.settled + 4096) this.settle(own)
  }
  ranked(group: number): Ranked {
    const own = this.settle(this.groups[group]!)
    let sum = 0
    return { x: own.x, upTo: own.counts.map((n) => (sum += n)) }
  }

  private settle(own: Numbers): Numbers {
    if (own.settled === own.x.length) return own
    this.count -= own.x.length
    merge(own)
    if (!own.coarse && this.rounding !== 'none' && own.x.length > EXACT_NUMBERS) own.coarse = true
    if (own.coarse) {
      own.x = own.x.map((x) => rounded(x, this.rounding === 'up'))
      merge(own)
    }
    own.settled = own.x.length
    this.count += own.x.length
    return own
  }

  encode(from: number, to: number) {
    const all = this.groups.slice(from, to).map((own) => this.settle(own))
    return {
      f: numbersColumn(Float64Array.from(all, (own) => (own.coarse ? 1 : 0))),
      g: numbersColumn(Float64Array.from(all.flatMap((own, g) => own.x.map(() => g)))),
      x: numbersColumn(Float64Array.from(all.flatMap((own) => own.x))),
      c: numbersColumn(Float64Array.from(all.flatMap((own) => own.counts))),
    }
  }
  absorb(parts: Parts, groups: Int32Array): void {
    const [f, g, x, c] = ['f', 'g', 'x', 'c'].map((p) => numbersOf(parts(p))) as [Float64Array, Float64Array, Float64Array, Float64Array]
    for (let i = 0; i < f.length; i++) if (f[i] && groups[i]! >= 0) this.groups[groups[i]!]!.coarse = true
    for (let i = 0; i < g.length; i++) if (groups[g[i]!]! >= 0) this.add(groups[g[i]!]!, x[i]!, c[i])
  }
}

/** Sorts the numbers and puts equal ones together. */
function merge(own: Numbers): void {
  const n = own.x.length
  const order = Uint32Array.from({ length: n }, (_, i) => i)
  const { x, counts } = own
  order.sort((a, b) => x[a]! - x[b]!)
  own.x = []
  own.counts = []
  for (const i of order) {
    if (own.x.length > 0 && own.x.at(-1) === x[i]) own.counts[own.counts.length - 1]! += counts[i]!
    else {
      own.x.push(x[i]!)
      own.counts.push(counts[i]!)
    }
  }
}

/** The number with its first bits only; of what is so already the same. */
function rounded(x: number, up: boolean): number {
  if (x === 0 || !Number.isFinite(x)) return x
  const unit = 2 ** (Math.floor(Math.log2(Math.abs(x))) - BITS + 1)
  const steps = x / unit
  return (up ? Math.ceil(steps) : Math.round(steps)) * unit
}
