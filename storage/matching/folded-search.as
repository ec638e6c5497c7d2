// Looks for bytes whatever the case of A–Z, in AssemblyScript: compiled into folded-search-code.ts by scripts/wasm.mjs; folded-search.ts runs it.

/** The needle in lower case, and for each of its bytes 32 where it is a letter: what is or-ed to a byte before it is compared. */
export const NEEDLE: usize = 1024
export const BLANKS: usize = 33792
/** As long as a needle may be. */
export const LONGEST: u32 = 32768 - 16
/** Where the text begins. */
export const TEXT: usize = 66560

let length: usize = 0
let first: v128 = i8x16.splat(0)
let firstBlank: v128 = i8x16.splat(0)
let last: v128 = i8x16.splat(0)
let lastBlank: v128 = i8x16.splat(0)

/** The needle has been put in its place. */
export function setNeedle(n: usize): void {
  length = n
  for (let i: usize = 0; i < n; i++) {
    const c = load<u8>(NEEDLE + i)
    store<u8>(BLANKS + i, c >= 97 && c <= 122 ? 32 : 0)
  }
  first = v128.load8_splat(NEEDLE)
  firstBlank = v128.load8_splat(BLANKS)
  last = v128.load8_splat(NEEDLE + n - 1)
  lastBlank = v128.load8_splat(BLANKS + n - 1)
}

function same(at: usize): bool {
  for (let k: usize = 0; k < length; k += 16) {
    const x = v128.or(v128.load(at + k), v128.load(BLANKS + k))
    const equal = <u32>i8x16.bitmask(i8x16.eq(x, v128.load(NEEDLE + k)))
    const left = length - k
    const wanted: u32 = left >= 16 ? 0xffff : (1 << <u32>left) - 1
    if ((equal & wanted) != wanted) return false
  }
  return true
}

/** The first place from `from` on where the needle stands and ends by `to`; −1: none. Bytes behind `to` are read, and do not count. */
export function find(from: usize, to: usize): i32 {
  if (from + length > to) return -1
  const stop = to - length
  const end = length - 1
  for (let at = from; at <= stop; at += 16) {
    const a = i8x16.eq(v128.or(v128.load(at), firstBlank), first)
    const b = i8x16.eq(v128.or(v128.load(at + end), lastBlank), last)
    let hits = <u32>i8x16.bitmask(v128.and(a, b))
    while (hits != 0) {
      const place = at + <usize>ctz(hits)
      if (place > stop) return -1
      if (same(place)) return <i32>place
      hits &= hits - 1
    }
  }
  return -1
}
