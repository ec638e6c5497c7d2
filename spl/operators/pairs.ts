import { grow } from './grow'

/** Dense ids of pairs of ids: open addressing over Int32. */
export class Pairs {
  size = 0
  left = new Int32Array(16)
  right = new Int32Array(16)
  private table = new Int32Array(64).fill(-1)

  get bytes(): number {
    return this.left.byteLength * 2 + this.table.byteLength
  }
  id(a: number, b: number): number {
    const mask = this.table.length - 1
    let s = slot(a, b) & mask
    for (;;) {
      const id = this.table[s]!
      if (id < 0) break
      if (this.left[id] === a && this.right[id] === b) return id
      s = (s + 1) & mask
    }
    const id = this.size++
    if (id >= this.left.length) {
      this.left = grow(this.left, id)
      this.right = grow(this.right, id)
    }
    this.left[id] = a
    this.right[id] = b
    this.table[s] = id
    if (this.size * 2 > mask) this.rehash()
    return id
  }
  private rehash(): void {
    const table = new Int32Array(this.table.length * 2).fill(-1)
    const mask = table.length - 1
    for (let id = 0; id < this.size; id++) {
      let s = slot(this.left[id]!, this.right[id]!) & mask
      while (table[s]! >= 0) s = (s + 1) & mask
      table[s] = id
    }
    this.table = table
  }
}
function slot(a: number, b: number): number {
  const h = Math.imul(a, 0x9e3779b1) ^ Math.imul(b, 0x85ebca6b)
  return h ^ (h >>> 15)
}
