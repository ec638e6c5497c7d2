/** A set of block numbers. */
export class Bits {
  private constructor(private readonly words: Uint32Array) {}

  static none(highest: number): Bits {
    return new Bits(new Uint32Array((highest >> 5) + 1))
  }
  /** From a list as SQLite's group_concat gives it; null is empty. Numbers past the highest are left out. */
  static of(list: string | null, highest: number): Bits {
    const bits = Bits.none(highest)
    if (list !== null) for (const id of list.split(',')) bits.add(Number(id), highest)
    return bits
  }
  has(id: number): boolean {
    return ((this.words[id >> 5]! >>> (id & 31)) & 1) === 1
  }
  and(other: Bits): void {
    for (let i = 0; i < this.words.length; i++) this.words[i]! &= other.words[i]!
  }
  /** What both hold, as a set of its own. */
  both(other: Bits): Bits {
    return new Bits(this.words.map((w, i) => w & other.words[i]!))
  }
  or(other: Bits): void {
    for (let i = 0; i < this.words.length; i++) this.words[i]! |= other.words[i]!
  }
  get empty(): boolean {
    return this.words.every((w) => w === 0)
  }
  list(): number[] {
    const out: number[] = []
    for (let i = 0; i < this.words.length; i++) for (let w = this.words[i]!; w !== 0; w &= w - 1) out.push(i * 32 + 31 - Math.clz32(w & -w))
    return out
  }
  add(id: number, highest: number): void {
    if (id <= highest) this.words[id >> 5]! |= 1 << (id & 31)
  }
}
