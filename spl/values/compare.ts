/** How texts and values are put in order. */
import { numberOf } from './number'

/** Byte order of UTF-8. UTF-16 order differs from it only where surrogates meet U+E000–U+FFFF. */
export function compareTexts(a: string, b: string): number {
  if (a === b) return 0
  const n = Math.min(a.length, b.length)
  for (let i = 0; i < n; i++) {
    const x = a.charCodeAt(i)
    const y = b.charCodeAt(i)
    if (x !== y) return x >= 0xd800 && y >= 0xd800 ? rank(x) - rank(y) : x - y
  }
  return a.length - b.length
}
/** Surrogates (code points past U+FFFF) come after the rest of the basic plane. */
const rank = (unit: number) => (unit >= 0xe000 ? unit - 0x2000 : unit + 0x2000)

const IPV4 = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/

/** An IPv4 address as a number, or NaN. */
export function ipv4Of(text: string): number {
  const m = IPV4.exec(text)
  if (!m) return Number.NaN
  const [a, b, c, d] = [Number(m[1]), Number(m[2]), Number(m[3]), Number(m[4])]
  return a > 255 || b > 255 || c > 255 || d > 255 ? Number.NaN : ((a * 256 + b) * 256 + c) * 256 + d
}

/** `sort`'s automatic order: numbers by value, addresses by octet, anything else as text; decided for each pair. */
export function compareAuto(a: string, b: string): number {
  const x = numberOf(a)
  const y = numberOf(b)
  if (x === x && y === y) return x - y
  const p = ipv4Of(a)
  const q = ipv4Of(b)
  if (p === p && q === q) return p - q
  return compareTexts(a, b)
}
