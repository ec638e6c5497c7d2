import type { TestedExchange, TestedList } from '../event-store'
import type { Mask } from './term-matcher'

/** Masks that a thread keeps, some hundred bytes each with what holds them. */
const KEPT = 200_000

/**
 * What the texts of blocks said of keywords that only they can decide: kept, since the same keywords are asked for again and again (a rule
 * that is worked at, the runs of a pipeline) and blocks do not change.
 */
export class TestedTerms implements TestedExchange {
  /** Per file and keyword, by block; null: no event. The oldest go first. */
  private readonly lists = new Map<string, Map<number, Uint8Array | null>>()
  private count = 0
  /** What was found or asked for since `record`. */
  private recorded: Map<string, Map<number, Uint8Array | null>> | undefined

  /** @param rows of the block @returns a mask of the caller's own */
  get(file: string, term: string, block: number, rows: number): Mask | 'none' | undefined {
    const key = file + term
    const found = this.lists.get(key)?.get(block)
    if (found === undefined) return undefined
    if (this.recorded) listOf(this.recorded, key).set(block, found)
    if (found === null) return 'none'
    const mask = new Uint8Array(rows)
    for (let row = 0, at = 0; row < rows; at++) {
      const end = Math.min(rows, row + 8)
      for (let bits = found[at]!; row < end; bits >>= 1) mask[row++] = bits & 1
    }
    return mask
  }

  put(file: string, term: string, block: number, mask: Mask): void {
    this.add(file + term, block, bitsOf(mask))
  }

  record(): () => TestedList[] {
    const recorded = new Map<string, Map<number, Uint8Array | null>>()
    this.recorded = recorded
    return () => {
      this.recorded = undefined
      return [...recorded].map(([key, list]) => flat(key, list))
    }
  }
  learn(lists: readonly TestedList[]): void {
    for (const { key, blocks, ends, bits } of lists) {
      for (const [i, block] of blocks.entries()) {
        const from = i === 0 ? 0 : ends[i - 1]!
        this.add(key, block, ends[i] === from ? null : bits.slice(from, ends[i]))
      }
    }
  }

  private add(key: string, block: number, bits: Uint8Array | null): void {
    const list = listOf(this.lists, key)
    if (list.has(block)) return
    list.set(block, bits)
    if (this.recorded) listOf(this.recorded, key).set(block, bits)
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

function listOf(lists: Map<string, Map<number, Uint8Array | null>>, key: string): Map<number, Uint8Array | null> {
  let list = lists.get(key)
  if (!list) lists.set(key, (list = new Map()))
  return list
}

function flat(key: string, list: ReadonlyMap<number, Uint8Array | null>): TestedList {
  const ends = new Uint32Array(list.size)
  let size = 0
  let n = 0
  for (const bits of list.values()) ends[n++] = size += bits?.length ?? 0
  const all = new Uint8Array(size)
  let at = 0
  for (const bits of list.values()) {
    if (bits) all.set(bits, at)
    at += bits?.length ?? 0
  }
  return { key, blocks: Uint32Array.from(list.keys()), ends, bits: all }
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
