// Decodes one LZ4 block (lz4_Block_format.md of the LZ4 project), in AssemblyScript: compiled into lz4-code.ts by scripts/wasm.mjs; see
// docs/decisions/0018-lz4-decoder.md. Copies run sixteen bytes at a time and up to fifteen past their end: what is written there is
// written over later, or is room.

/** Where the bytes are read that come next; a length is read on while its bytes are 255. */
let at: usize = 0
@inline function longer(n: usize): usize {
  if (n != 15) return n
  let byte: usize
  do {
    byte = load<u8>(at++)
    n += byte
  } while (byte == 255)
  return n
}

/** From the bytes from … end to `to`: answers where the output ends. A block that is damaged ends in a trap or in another place than it should. */
export function decode(from: usize, end: usize, to: usize): usize {
  at = from
  for (;;) {
    const token: usize = load<u8>(at++)
    const literals = longer(token >> 4)
    if (literals > 0) {
      const stop = to + literals
      let p = at
      do {
        v128.store(to, v128.load(p))
        to += 16
        p += 16
      } while (to < stop)
      at += literals
      to = stop
    }
    // The last sequence has no match.
    if (at >= end) break
    const offset: usize = load<u16>(at)
    at += 2
    const stop = to + longer(token & 15) + 4
    let p = to - offset
    if (offset >= 16) {
      do {
        v128.store(to, v128.load(p))
        to += 16
        p += 16
      } while (to < stop)
    } else {
      // It overlaps with what is written.
      while (to < stop) store<u8>(to++, load<u8>(p++))
    }
    to = stop
  }
  return to
}
