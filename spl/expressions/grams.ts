/**
 * Which runs of three characters a text holds, as a set of bits: says in a few looks that a long text does not hold a piece, which a
 * search through it would say after reading all of it. Made once per text, asked by every comparison with a wildcard.
 */
export class Grams {
  private readonly bits: Uint8Array
  private readonly mask: number

  constructor(text: string) {
    // Two bits a character: a run that is not there is taken for one that is in at most two cases of five; a piece has several.
    let size = 512
    while (size < text.length * 2) size *= 2
    this.mask = size - 1
    this.bits = new Uint8Array(size >> 3)
    let a = text.charCodeAt(0)
    let b = text.charCodeAt(1)
    for (let i = 2; i < text.length; i++) {
      const c = text.charCodeAt(i)
      const at = hash(a, b, c) & this.mask
      this.bits[at >> 3]! |= 1 << (at & 7)
      a = b
      b = c
    }
  }
  /** False: the text does not hold the piece. */
  mayHold(p: Piece): boolean {
    const { hashes } = p
    for (let i = 0; i < hashes.length; i++) {
      const at = hashes[i]! & this.mask
      if ((this.bits[at >> 3]! & (1 << (at & 7))) === 0) return false
    }
    return true
  }
}

/** A piece that texts are looked through for. */
export class Piece {
  readonly hashes: Int32Array
  constructor(readonly text: string) {
    this.hashes = new Int32Array(Math.max(0, text.length - 2))
    for (let i = 0; i < this.hashes.length; i++) this.hashes[i] = hash(text.charCodeAt(i), text.charCodeAt(i + 1), text.charCodeAt(i + 2))
  }
}

function hash(a: number, b: number, c: number): number {
  const h = Math.imul(a, 0x9e3779b1) ^ Math.imul(b, 0x85ebca6b) ^ Math.imul(c, 0xc2b2ae35)
  return h ^ (h >>> 15)
}
