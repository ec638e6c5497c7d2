// Looks through the events of a block for the first match of a frame, or for a name in JSON (joined-text.ts runs it), in AssemblyScript: compiled into
// frame-search-code.ts by scripts/wasm.mjs; see docs/decisions/0022-frames-in-webassembly.md.

import { lookForName, mayBegin, prepareName } from './json-search'

/** The texts are decoded in the same memory. */
export { decode } from './lz4'

// Where things lie. A word is four bytes.
/** Parts of the frame, or needles of JSON, four words each: kind, and what it needs. */
export const PARTS: usize = 1024
export const MOST_PARTS: u32 = 64
/** Bytes of the needle and of literals. */
export const LITERALS: usize = 4096
export const LITERAL_BYTES: u32 = 8192
/** For each set 256 bytes: 1 where a byte belongs to it. */
export const SETS: usize = 16384
export const MOST_SETS: u32 = 64
/** Lengths of the events, packed as in the block; a byte for each event: 1 where it is wanted. */
export const LENGTHS: usize = 32768
export const LENGTH_BYTES: u32 = 4096
export const WANTED: usize = 40960
/** For each event two words: first and one past the last byte of its value; 0, 0: none. */
export const PLACES: usize = 49152
export const MOST_ROWS: u32 = 512
/** Where the caller's places begin: a block as it is stored, and texts. */
export const FREE: usize = 65536

const LITERAL: u32 = 0
const RUN: u32 = 1
const OPEN: u32 = 2
const CLOSE: u32 = 3
// What else a part may be is the start of a line.

let needle: usize = 0
let length: usize = 0
let parts: u32 = 0
let json: bool = false
/** The set of what a key is made of; 0: the match begins at the needle. */
let key: usize = 0
/** Bytes of the match before the key. */
let before: usize = 0
let cleans: bool = false
let keepsEmpty: bool = false
let valueStart: usize = 0
let valueEnd: usize = 0

/** What is looked for from now on; literals, sets and parts stand in their places. */
export function prepare(at: usize, bytes: usize, count: u32, keySet: usize, prefix: usize, cleaning: bool, empty: bool): void {
  needle = at
  length = bytes
  parts = count
  json = false
  key = keySet
  before = prefix
  cleans = cleaning
  keepsEmpty = empty
}

/** The same for a name in JSON; the parts are literals, of which one stands in each event that has it. */
export function prepareJson(at: usize, bytes: u32, count: u32): void {
  prepareName(at, bytes)
  parts = count
  json = true
}

function same(a: usize, b: usize, n: usize): bool {
  for (let i: usize = 0; i < n; i++) if (load<u8>(a + i) != load<u8>(b + i)) return false
  return true
}

/** The first place from `from` on where a text stands and ends by `to`; 0: none. Bytes behind `to` are read, and do not count. */
function find(needle: usize, length: usize, from: usize, to: usize): usize {
  if (from + length > to) return 0
  const first = v128.load8_splat(needle)
  const last = v128.load8_splat(needle + length - 1)
  const stop = to - length
  for (let at = from; at <= stop; at += 16) {
    const a = i8x16.eq(v128.load(at), first)
    const b = i8x16.eq(v128.load(at + length - 1), last)
    let hits = <u32>i8x16.bitmask(v128.and(a, b))
    while (hits != 0) {
      const place = at + <usize>ctz(hits)
      if (place > stop) return 0
      if (same(place, needle, length)) return place
      hits &= hits - 1
    }
  }
  return 0
}

/** Matches the parts at a place of an event. */
function matches(from: usize, start: usize, end: usize): bool {
  let at = from
  for (let i: u32 = 0; i < parts; i++) {
    const part = PARTS + (<usize>i << 4)
    const kind = load<u32>(part)
    if (kind == LITERAL) {
      const n = <usize>load<u32>(part, 8)
      if (at + n > end || !same(at, <usize>load<u32>(part, 4), n)) return false
      at += n
    } else if (kind == RUN) {
      const set = <usize>load<u32>(part, 4)
      const most = <usize>load<u32>(part, 12)
      const limit = most < end - at ? at + most : end
      const begin = at
      while (at < limit && load<u8>(set + load<u8>(at)) == 1) at++
      if (at - begin < <usize>load<u32>(part, 8)) return false
    } else if (kind == OPEN) valueStart = at
    else if (kind == CLOSE) valueEnd = at
    else if (at != start && load<u8>(at - 1) != 10) return false
  }
  return true
}

@inline function isLetter(c: u32): bool {
  return ((c | 32) - 97) < 26
}

/** Where the match begins whose needle stands at a place; 0: none does. */
function begin(at: usize, start: usize): usize {
  if (key == 0) return at
  let from = at
  while (from > start && load<u8>(key + load<u8>(from - 1)) == 1) from--
  if (from - start < before) return 0
  if (from != at) {
    if (!cleans) return 0
    for (let i = from; i < at; i++) if (isLetter(load<u8>(i))) return 0
  }
  return from - before
}

/** The first value of an event is put into its place. */
function look(start: usize, end: usize, place: usize): void {
  for (let at = find(needle, length, start, end); at != 0; at = find(needle, length, at + 1, end)) {
    const from = begin(at, start)
    if (from == 0 || !matches(from, start, end)) continue
    if (valueStart < valueEnd || keepsEmpty) {
      store<u32>(place, <u32>valueStart)
      store<u32>(place, <u32>valueEnd, 4)
      return
    }
    // An empty value of a group is still that of the first match; a pair without a value is none.
    if (key == 0) return
  }
}

function lookForJson(start: usize, end: usize, place: usize): void {
  if (start == end || !mayBegin(load<u8>(start))) return
  for (let i: u32 = 0; i < parts; i++) {
    const part = PARTS + (<usize>i << 4)
    if (find(<usize>load<u32>(part, 4), <usize>load<u32>(part, 8), start, end) == 0) continue
    lookForName(start, end, place)
    return
  }
}

/**
 * Looks through the wanted events of a block, whose text stands at `text` … `stop`; `all`: each is.
 * @returns false where the events end elsewhere than their text
 */
export function search(text: usize, stop: usize, rows: u32, all: bool): bool {
  memory.fill(PLACES, 0, <usize>rows << 3)
  let at = LENGTHS
  let from = text
  // Offsets are packed as differences, the first of them 0: see packed.ts.
  for (let row: u32 = 0; row <= rows; row++) {
    let byte: u32 = load<u8>(at++)
    let n = byte & 127
    for (let shift: u32 = 7; byte > 127; shift += 7) {
      byte = load<u8>(at++)
      n |= (byte & 127) << shift
    }
    if (row == 0) continue
    const to = from + (n >> 1)
    if (to > stop) return false
    if (all || load<u8>(WANTED + row - 1) == 1) {
      const place = PLACES + ((<usize>row - 1) << 3)
      if (json) lookForJson(from, to, place)
      else look(from, to, place)
    }
    from = to
  }
  return from == stop
}
