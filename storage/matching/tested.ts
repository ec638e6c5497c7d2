import type { Mask } from './term-matcher'

/** Masks that a thread keeps, some hundred bytes each with what holds them. */
const KEPT = 200_000

/**
 * What the texts of blocks said of keywords that only they can decide: kept, since the same keywords are asked for again and again (a rule
 * that is worked at, the runs of a pipeline) and blocks do not change.
 */
export class TestedTerms {
  /** Per file and keyword, by block; null: no event. The oldest go first. */
  private readonly lists = new Map<string, Map<number, Uint8Array | null>>()
  private count = 0

  /** @param rows of the block @returns a mask of the caller's own */
  get(file: string, term: string, block: number, rows: number): Mask | 'none' | undefined {
    const found = this.lists.get(file + term)?.get(block)
    if (found === undefined) return undefined
    if (found === null) return 'none'
    const mask = new Uint8Array(rows)
    for (let row = 0; row < rows; row++) mask[row] = (found[row >> 3]! >>> (row & 7)) & 1
    return mask
  }

  put(file: string, term: string, block: number, mask: Mask): void {
    const key = file + term
    let list = this.lists.get(key)
    if (!list) this.lists.set(key, (list = new Map()))
    if (list.has(block)) return
    list.set(block, bitsOf(mask))
    this.count++
    if (this.count > KEPT) this.forget(key)
  }

  private forget(but: string): void {
    for (const [key, list] of this.lists) {
      if (key === but) continue
      this.lists.delete(key)
      this.count -= list.size
      return
    }
    this.lists.clear()
    this.count = 0
  }
}

function bitsOf(mask: Mask): Uint8Array | null {
  const bits = new Uint8Array((mask.length + 7) >> 3)
  let some = 0
  for (let row = 0; row < mask.length; row++) {
    some |= mask[row]!
    bits[row >> 3]! |= mask[row]! << (row & 7)
  }
  return some === 0 ? null : bits
}
