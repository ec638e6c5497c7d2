import type { Coded } from '../../event-batch'

/**
 * Whole numbers as differences, zigzag, seven bits a byte: times and serials of a block take one or two bytes each. Exact while numbers and
 * differences (from 0 for the first) are less than 2^53: the sign has its place in the first byte, so that nothing is doubled.
 */
export function pack(values: ArrayLike<number>): Buffer {
  const out = Buffer.allocUnsafe(values.length * 8 + 8)
  let at = 0
  let last = 0
  for (let i = 0; i < values.length; i++) {
    const d = values[i]! - last
    last = values[i]!
    const m = d < 0 ? -d - 1 : d
    let byte = (m % 64) * 2 + (d < 0 ? 1 : 0)
    for (let rest = Math.floor(m / 64); rest > 0; rest = Math.floor(rest / 128)) {
      out[at++] = byte | 128
      byte = rest % 128
    }
    out[at++] = byte
  }
  return out.subarray(0, at)
}

export function unpack(data: Uint8Array, count: number): Float64Array {
  const out = new Float64Array(count)
  let at = 0
  let last = 0
  for (let i = 0; i < count; i++) {
    let byte = data[at++]!
    const negative = (byte & 1) === 1
    let m = (byte & 127) >> 1
    for (let scale = 64; byte > 127; scale *= 128) {
      byte = data[at++]!
      m += (byte & 127) * scale
    }
    last += negative ? -m - 1 : m
    out[i] = last
  }
  return out
}

/** The same for numbers of 32 bits without a sign, whose steps take 31: several times as fast. */
export function unpackSmall(data: Uint8Array, count: number): Uint32Array {
  const out = new Uint32Array(count)
  let at = 0
  let last = 0
  for (let i = 0; i < count; i++) {
    let byte = data[at++]!
    let z = byte & 127
    for (let shift = 7; byte > 127; shift += 7) {
      byte = data[at++]!
      z |= (byte & 127) << shift
    }
    last = (last + ((z >>> 1) ^ -(z & 1))) | 0
    out[i] = last
  }
  return out
}

/** Numbers the distinct items. */
export function coded<T>(items: readonly T[]): Coded<T> {
  const numbers = new Map<T, number>()
  const codes = new Uint32Array(items.length)
  for (let i = 0; i < items.length; i++) {
    let code = numbers.get(items[i]!)
    if (code === undefined) numbers.set(items[i]!, (code = numbers.size))
    codes[i] = code
  }
  return { values: [...numbers.keys()], codes: numbers.size > 1 ? codes : undefined }
}
export const codedAt = <T>(c: Coded<T>, row: number): T => c.values[c.codes ? c.codes[row]! : 0]!
