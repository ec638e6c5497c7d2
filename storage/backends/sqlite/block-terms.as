// The terms of a block of events, in AssemblyScript: the rules are those of term-set.ts; block-terms.ts runs it. Compiled into
// block-terms-code.ts by scripts/wasm.mjs; see docs/decisions/0020-terms-in-webassembly.md.

/** A `%` stands at `i`: the length of the breaker that begins there, or 0. */
@external('env', 'sequence')
declare function sequence(i: u32): u32
/** A term of `length` bytes, some of them past ASCII, stands in LOW: 0 where there is no room for what it gives. */
@external('env', 'foreign')
declare function foreign(length: u32, row: u32): u32

// Where things lie. The first two are filled in from outside.
export const TABLE: usize = 0
export const CLASS: usize = 1024
export const LOW: usize = 4096
const CUT: usize = 20480
/** For each second half of a code, which first halves make a byte with it that may end a term. */
export const NIBBLES: usize = 1280
export const LONGEST: u32 = 10000
export const DATA: usize = 65536
export const DATA_BYTES: u32 = 1 << 20
const HASH: usize = DATA + DATA_BYTES
const MOST_SLOTS: u32 = 1 << 17
const MOST: u32 = MOST_SLOTS / 2
export const STARTS: usize = HASH + MOST_SLOTS * 8
const SLOTS: usize = STARTS + (MOST + 1) * 4
export const BITS: usize = SLOTS + MOST * 4
const LINKS: usize = BITS + MOST * 32
const MOST_LINKS: u32 = 1 << 18
export const ARENA: usize = LINKS + MOST_LINKS * 8
const ARENA_BYTES: u32 = 4 << 20

const PRIME: u32 = 0x9e3779b1
const BLANKS: u32 = 0x20202020
const IS_MAJOR: u32 = 0x100
const MINOR: u32 = 2
const NONE: u32 = 0xffffffff

const NOTHING = i8x16.splat(0)
const FIFTEEN = i8x16.splat(15)
const UPPER_A = i8x16.splat(65)
const UPPER_Z = i8x16.splat(90)
const BLANK = i8x16.splat(32)
const DELETE = i8x16.splat(127)
const STAR = i8x16.splat(42)
/** A bit for each half of a byte's code that stands first; those past ASCII have none. */
const HIGH_NIBBLES = i8x16(1, 2, 4, 8, 16, 32, 64, -128, 0, 0, 0, 0, 0, 0, 0, 0)

const FIRST_MASK: u32 = (1 << 13) - 1
let mask: u32 = FIRST_MASK
let size: u32 = 0
/** Bytes of the arena that are taken. */
let position: u32 = 0
let links: u32 = 0
/** The slot where `find` stopped. */
let slot: u32 = 0

/** Bytes that a term takes: at least one blank ends it, and the next begins at a multiple of four. */
@inline function room(length: u32): u32 {
  return (length + 4) & ~3
}
@inline function slotOf(hash: u32): u32 {
  return (hash ^ (hash >> 15)) & mask
}

/** Of a term in a scratch, with the blanks behind it. */
@inline function hashOf(term: usize, length: u32): u32 {
  let hash: u32 = 0
  const end = term + room(length)
  for (let p = term; p < end; p += 4) hash = (rotl<u32>(hash, 5) ^ load<u32>(p)) * PRIME
  return hash
}

/** The number of the term in a scratch, from 1; 0 where it is new, and belongs into `slot`. */
function find(term: usize, length: u32, hash: u32): u32 {
  const end = term + room(length)
  let s = slotOf(hash)
  for (;;) {
    const at = HASH + (s << 3)
    const number = load<u32>(at)
    if (number == 0) break
    if (load<u32>(at + 4) == hash) {
      let p = ARENA + load<u32>(STARTS + ((number - 1) << 2))
      let q = term
      while (q < end && load<u32>(p) == load<u32>(q)) {
        p += 4
        q += 4
      }
      if (q >= end) return number
    }
    s = (s + 1) & mask
  }
  slot = s
  return 0
}

/** The number of a term less 1, NONE where there is no room. */
function insert(term: usize, length: u32, hash: u32): u32 {
  const known = find(term, length, hash)
  if (known != 0) return known - 1
  const bytes = room(length)
  if (size >= MOST || position + bytes > ARENA_BYTES) return NONE
  memory.copy(ARENA + position, term, bytes)
  const id = size++
  store<u32>(STARTS + (id << 2), position)
  position += bytes
  store<u32>(STARTS + (size << 2), position)
  store<u32>(HASH + (slot << 3), size)
  store<u32>(HASH + (slot << 3) + 4, hash)
  store<u32>(SLOTS + (id << 2), slot)
  if (size * 2 > mask && size < MOST) rehash()
  return id
}

function rehash(): void {
  const entries = size
  const hashes = LINKS + (links << 3)
  // There is room behind the links: a hash a term.
  for (let id: u32 = 0; id < entries; id++) store<u32>(hashes + (id << 2), load<u32>(HASH + (load<u32>(SLOTS + (id << 2)) << 3) + 4))
  memory.fill(HASH, 0, <usize>(mask + 1) << 3)
  mask = mask * 2 + 1
  for (let id: u32 = 0; id < entries; id++) {
    const hash = load<u32>(hashes + (id << 2))
    let s = slotOf(hash)
    while (load<u32>(HASH + (s << 3)) != 0) s = (s + 1) & mask
    store<u32>(HASH + (s << 3), id + 1)
    store<u32>(HASH + (s << 3) + 4, hash)
    store<u32>(SLOTS + (id << 2), s)
  }
}

@inline function mark(id: u32, row: u32): void {
  const at = BITS + (id << 5) + ((row >> 5) << 2)
  store<u32>(at, load<u32>(at) | (1 << (row & 31)))
}

@inline function fill(term: usize, length: u32): void {
  store<u32>(term + length, BLANKS)
}

/** Cuts a new major term, whose bytes stand in a scratch, into its minor ones. */
function cutMinors(term: usize, length: u32, major: u32): bool {
  let start: u32 = 0
  for (let i: u32 = 0; i <= length; i++) {
    if (i < length && load<u8>(CLASS + load<u8>(term + i)) != MINOR) continue
    const n = i - start
    if (n > 0 && n < length) {
      memory.copy(CUT, term + start, n)
      fill(CUT, n)
      const minor = insert(CUT, n, hashOf(CUT, n))
      // A rehash needs a word a term behind the links.
      if (minor == NONE || (links + 1) * 8 + size * 4 > MOST_LINKS * 8) return false
      store<u32>(LINKS + (links << 3), major)
      store<u32>(LINKS + (links << 3) + 4, minor)
      links++
    }
    start = i + 1
  }
  return true
}

/** Puts in the term of LOW with its minor terms; its number, NONE where there is no room. For terms that were folded outside. */
export function put(length: u32): u32 {
  fill(LOW, length)
  const before = size
  const id = insert(LOW, length, hashOf(LOW, length))
  if (id == NONE) return NONE
  return id < before || cutMinors(LOW, length, id) ? id : NONE
}
export function hold(id: u32, row: u32): void {
  mark(id, row)
}

/** Puts in the terms of an event, which stands at start … end; false where there is no room. */
export function add(start: u32, end: u32, row: u32): bool {
  const lowNibbles = v128.load(NIBBLES)
  let i = start
  while (i < end) {
    const first: u32 = load<u16>(TABLE + (<usize>load<u8>(i) << 1))
    if (first > 255) {
      const skip: u32 = first & IS_MAJOR ? 1 : load<u8>(i) == 45 ? (i + 1 < end && load<u8>(i + 1) == 45 ? 2 : 0) : sequence(i)
      if (skip > 0) {
        i += skip
        continue
      }
    }
    const from = i
    let seen: u32 = 0
    for (;;) {
      // Sixteen bytes at a time, up to what may end the term.
      const x = v128.load(i)
      const stops = v128.and(i8x16.swizzle(lowNibbles, v128.and(x, FIFTEEN)), i8x16.swizzle(HIGH_NIBBLES, i8x16.shr_u(x, 4)))
      const upper = v128.and(i8x16.ge_u(x, UPPER_A), i8x16.le_u(x, UPPER_Z))
      const odd = v128.or(i8x16.lt_u(x, BLANK), i8x16.eq(x, DELETE))
      v128.store(LOW + (i - from), v128.bitselect(STAR, i8x16.add(x, v128.and(upper, BLANK)), odd))
      let n = <u32>ctz(i8x16.bitmask(i8x16.ne(stops, NOTHING)) | 0x10000)
      if (n > end - i) n = end - i
      seen |= i8x16.bitmask(x) & ((1 << n) - 1)
      i += n
      if (i >= end || i - from > LONGEST) break
      if (n == 16) continue
      const c = load<u8>(i)
      if (c == 45) {
        if (i + 1 < end && load<u8>(i + 1) == 45) break
      } else if (c == 37) {
        if (sequence(i) > 0) break
      } else break
      store<u8>(LOW + (i - from), c)
      i++
      if (i >= end) break
    }
    const length = i - from
    if (length > LONGEST) return false
    if (seen != 0) {
      if (foreign(length, row) == 0) return false
      continue
    }
    fill(LOW, length)
    const hash = hashOf(LOW, length)
    const number = find(LOW, length, hash)
    let id = number - 1
    if (number == 0) {
      id = insert(LOW, length, hash)
      if (id == NONE || !cutMinors(LOW, length, id)) return false
    }
    mark(id, row)
  }
  return true
}

/** Gives the minor terms the events of the terms that they are part of. */
export function resolve(): void {
  for (let k: u32 = 0; k < links; k++) {
    const whole = BITS + (load<u32>(LINKS + (k << 3)) << 5)
    const part = BITS + (load<u32>(LINKS + (k << 3) + 4) << 5)
    v128.store(part, v128.or(v128.load(part), v128.load(whole)))
    v128.store(part, v128.or(v128.load(part, 16), v128.load(whole, 16)), 16)
  }
  links = 0
}
export function count(id: u32): u32 {
  const at = BITS + (id << 5)
  let n: u64 = 0
  for (let k: usize = 0; k < 32; k += 8) n += popcnt<u64>(load<u64>(at + k))
  return <u32>n
}
/** The next term, from a number on, that at least so many events hold; NONE where there is none. */
export function next(from: u32, least: u32): u32 {
  for (let id = from; id < size; id++) if (count(id) >= least) return id
  return NONE
}
/** Bytes of the terms with what stands between them. */
export function textBytes(): u32 {
  return position
}

export function reset(): void {
  if (size * 4 > mask) memory.fill(HASH, 0, <usize>(mask + 1) << 3)
  else for (let id: u32 = 0; id < size; id++) store<u32>(HASH + (load<u32>(SLOTS + (id << 2)) << 3), 0)
  memory.fill(BITS, 0, <usize>size << 5)
  size = 0
  position = 0
  links = 0
  if (mask > FIRST_MASK) {
    memory.fill(HASH, 0, <usize>(mask + 1) << 3)
    mask = FIRST_MASK
  }
}
