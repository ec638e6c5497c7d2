// Finds the value of one name in a JSON text, in AssemblyScript: part of frame-search.as. It reads as knowledge/extract/json-search.ts
// does, to which it leaves what is rare.

const QUOTE: u32 = 0x22
const PLUS: u32 = 0x2b
const COMMA: u32 = 0x2c
const MINUS: u32 = 0x2d
const DOT: u32 = 0x2e
const ZERO: u32 = 0x30
const COLON: u32 = 0x3a
const OPEN_ARRAY: u32 = 0x5b
const BACKSLASH: u32 = 0x5c
const CLOSE_ARRAY: u32 = 0x5d
const OPEN: u32 = 0x7b
const CLOSE: u32 = 0x7d
const DEPTH: u32 = 500
const ELSEWHERE: i32 = -1
const TRUE: u32 = 0x65757274
const ALSE: u32 = 0x65736c61
const NULL: u32 = 0x6c6c756e

let name: usize = 0
let length: i32 = 0
let end: usize = 0
let valueStart: usize = 0
let valueEnd: usize = 0
/** Several keys of an object lead to the name, or one with escapes: others must look. */
let unsure: bool = false

export function prepareName(at: usize, bytes: i32): void {
  name = at
  length = bytes
}

@inline function isBlank(c: u32): bool {
  return c == 0x20 || c == 0x0a || c == 0x0d || c == 0x09
}
@inline export function mayBegin(c: u32): bool {
  return c == OPEN || c == OPEN_ARRAY || isBlank(c)
}
@inline function isDigit(c: u32): bool {
  return c - 0x30 < 10
}
@inline function isHex(c: u32): bool {
  return isDigit(c) || (c | 32) - 0x61 < 6
}
@inline function blanksEnd(from: usize): usize {
  let at = from
  while (at < end && isBlank(load<u8>(at))) at++
  return at
}

// What follows gives the place behind what stands at another, or 0 where it is not what it should be.

function stringEnd(from: usize): usize {
  let at = from
  while (at < end) {
    const bytes = v128.load(at)
    const quotes = i8x16.eq(bytes, i8x16.splat(0x22))
    const escapes = i8x16.eq(bytes, i8x16.splat(0x5c))
    const stops = i8x16.bitmask(v128.or(v128.or(quotes, escapes), i8x16.lt_u(bytes, i8x16.splat(0x20))))
    if (stops == 0) {
      at += 16
      continue
    }
    at += <usize>ctz(stops)
    if (at >= end) return 0
    const c: u32 = load<u8>(at)
    if (c == QUOTE) return at + 1
    if (c != BACKSLASH) return 0
    const n = escapeLength(at + 1)
    if (n == 0) return 0
    at += 1 + n
  }
  return 0
}
function escapeLength(at: usize): usize {
  const c: u32 = load<u8>(at)
  if (c == 0x75) return isHex(load<u8>(at, 1)) && isHex(load<u8>(at, 2)) && isHex(load<u8>(at, 3)) && isHex(load<u8>(at, 4)) ? 5 : 0
  // " / \ b f n r t
  return c == 0x22 || c == 0x2f || c == 0x5c || c == 0x62 || c == 0x66 || c == 0x6e || c == 0x72 || c == 0x74 ? 1 : 0
}

function wordEnd(at: usize): usize {
  const four = load<u32>(at)
  const after = at + (four == TRUE || four == NULL ? 4 : load<u8>(at) == 0x66 && load<u32>(at, 1) == ALSE ? 5 : 0)
  return after > at && after <= end ? after : 0
}
function numberEnd(from: usize): usize {
  let at = load<u8>(from) == MINUS ? from + 1 : from
  at = at < end && load<u8>(at) == ZERO ? at + 1 : digitsEnd(at)
  if (at != 0 && at < end && load<u8>(at) == DOT) at = digitsEnd(at + 1)
  if (at != 0 && at < end && (load<u8>(at) | 32) == 0x65) {
    const sign: u32 = load<u8>(at, 1)
    at = digitsEnd(sign == MINUS || sign == PLUS ? at + 2 : at + 1)
  }
  return at
}
function digitsEnd(from: usize): usize {
  let at = from
  while (at < end && isDigit(load<u8>(at))) at++
  return at > from ? at : 0
}

/** @param said how many bytes of the name the path of the value is, or `ELSEWHERE` */
function value(from: usize, depth: u32, said: i32): usize {
  const at = blanksEnd(from)
  if (at >= end || depth > DEPTH) return 0
  const c: u32 = load<u8>(at)
  if (c == OPEN) return object(at + 1, depth, said)
  if (c == OPEN_ARRAY) return array(at + 1, depth)
  const after = c == QUOTE ? stringEnd(at + 1) : c == MINUS || isDigit(c) ? numberEnd(at) : wordEnd(at)
  if (said == length) {
    valueStart = at
    valueEnd = after
  }
  return after
}

/** The name leads into none: see `JsonNameSearch`. */
function array(from: usize, depth: u32): usize {
  let at = blanksEnd(from)
  if (at < end && load<u8>(at) == CLOSE_ARRAY) return at + 1
  let c: u32 = 0
  do {
    at = value(at, depth + 1, ELSEWHERE)
    if (at == 0) return 0
    at = blanksEnd(at)
    if (at >= end) return 0
    c = load<u8>(at++)
  } while (c == COMMA)
  return c == CLOSE_ARRAY ? at : 0
}

function object(start: usize, depth: u32, said: i32): usize {
  let at = blanksEnd(start)
  if (at < end && load<u8>(at) == CLOSE) return at + 1
  const from = said <= 0 ? said : isNext(said, DOT) ? said + 1 : ELSEWHERE
  let led = false
  let c: u32 = 0
  do {
    at = blanksEnd(at)
    if (at >= end || load<u8>(at) != QUOTE) return 0
    const key = at + 1
    at = stringEnd(key)
    if (at == 0) return 0
    const inside = from < 0 ? ELSEWHERE : saidWith(from, key, at - 1)
    if (inside >= 0) {
      unsure = unsure || led
      led = true
    }
    at = blanksEnd(at)
    if (at >= end || load<u8>(at) != COLON) return 0
    at = value(at + 1, depth + 1, inside)
    if (at == 0) return 0
    at = blanksEnd(at)
    if (at >= end) return 0
    c = load<u8>(at++)
  } while (c == COMMA)
  return c == CLOSE ? at : 0
}

function saidWith(from: i32, start: usize, stop: usize): i32 {
  let to = from
  for (let at = start; at < stop; at++, to++) {
    const byte: u32 = load<u8>(at)
    if (byte == BACKSLASH) unsure = true
    if (!isNext(to, byte)) return ELSEWHERE
  }
  return to == 0 || to == length || isNext(to, DOT) ? to : ELSEWHERE
}
@inline function isNext(at: i32, byte: u32): bool {
  return at < length && load<u8>(name + at) == byte
}

/** The place of the value in a text is put into its place, or that of the whole text, where others must look. */
export function lookForName(start: usize, stop: usize, place: usize): void {
  end = stop
  valueStart = 0
  unsure = false
  const after = value(start, 0, 0)
  if (after == 0 || blanksEnd(after) != stop || valueStart == 0) valueStart = valueEnd = 0
  store<u32>(place, <u32>(unsure ? start : valueStart))
  store<u32>(place, <u32>(unsure ? stop : valueEnd), 4)
}
