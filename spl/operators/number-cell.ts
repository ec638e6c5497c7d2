import { type Cell, numbersColumn, numbersOf, type Parts } from './cell'
import { grow } from './grow'

/** One number a group, merged by sum, least or most. */
export class NumberCell implements Cell {
  of: Float64Array
  constructor(private readonly how: 'sum' | 'least' | 'most') {
    this.of = new Float64Array(16).fill(this.first)
  }
  private get first(): number {
    return this.how === 'sum' ? 0 : this.how === 'least' ? Number.POSITIVE_INFINITY : Number.NEGATIVE_INFINITY
  }
  get bytes(): number {
    return this.of.byteLength
  }
  reserve(groups: number): void {
    const old = this.of.length
    if (groups > old) this.of = grow(this.of, groups).fill(this.first, old)
  }
  encode(from: number, to: number) {
    return { n: numbersColumn(this.of.slice(from, to)) }
  }
  absorb(parts: Parts, groups: Int32Array): void {
    const x = numbersOf(parts('n'))
    for (let i = 0; i < groups.length; i++) {
      const g = groups[i]!
      if (g < 0) continue
      const mine = this.of[g]!
      this.of[g] = this.how === 'sum' ? mine + x[i]! : this.how === 'least' ? Math.min(mine, x[i]!) : Math.max(mine, x[i]!)
    }
  }
}
