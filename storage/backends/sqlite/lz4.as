// Decodes one LZ4 block (lz4_Block_format.md of the LZ4 project), in AssemblyScript: compiled into lz4-code.ts by scripts/wasm.mjs; see
// docs/decisions/0018-lz4-decoder.md. Copies run sixteen bytes at a time and up to 31 past their end: what is written there is
// written over later, or is room.

/** From the bytes from … end to `to`: answers where the output ends. A block that is damaged ends in a trap or in another place than it should. */
export function decode(from: usize, end: usize, to: usize): usize {
  // A local, not shared with a function that reads lengths: a sixth of the time.
  let at = from
  for (;;) {
    const token: usize = load<u8>(at++)
    let literals = token >> 4
    if (literals == 15) {
      // A length is read on while its bytes are 255.
      let byte: usize
      do {
        byte = load<u8>(at++)
        literals += byte
      } while (byte == 255)
      const stop = to + literals
      let p = at
      do {
        v128.store(to, v128.load(p))
        to += 16
        p += 16
      } while (to < stop)
      at += literals
      to = stop
    } else {
      // Also where there are none, which is as often as not.
      v128.store(to, v128.load(at))
      at += literals
      to += literals
    }
    // The last sequence has no match.
    if (at >= end) break
    const offset: usize = load<u16>(at)
    at += 2
    let length = token & 15
    if (length == 15) {
      let byte: usize
      do {
        byte = load<u8>(at++)
        length += byte
      } while (byte == 255)
    }
    const stop = to + length + 4
    let p = to - offset
    if (offset >= 16) {
      v128.store(to, v128.load(p))
      v128.store(to, v128.load(p, 16), 16)
      while (to + 32 < stop) {
        to += 32
        p += 32
        v128.store(to, v128.load(p))
        v128.store(to, v128.load(p, 16), 16)
      }
    } else {
      // It overlaps with what is written.
      while (to < stop) store<u8>(to++, load<u8>(p++))
    }
    to = stop
  }
  return to
}
