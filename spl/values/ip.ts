/** Addresses of IPv4 and IPv6 as bytes, and the networks that they are in. */

const OCTETS = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/
const GROUP = /^[0-9a-f]{1,4}$/i

/** The 4 or 16 bytes of an address; undefined for any other text. A zone (`%eth0`) is no part of an address here. */
export function addressBytes(text: string): readonly number[] | undefined {
  return text.includes(':') ? sixBytes(text) : fourBytes(text)
}

function fourBytes(text: string): readonly number[] | undefined {
  const bytes = OCTETS.exec(text)?.slice(1).map(Number)
  return bytes?.every((b) => b <= 255) ? bytes : undefined
}

/** Groups of four hexadecimal digits, `::` once for a run of zeros, the last two groups also as an IPv4 address. */
function sixBytes(text: string): readonly number[] | undefined {
  const halves = text.split('::')
  if (halves.length > 2) return undefined
  const [head, tail] = halves.map((half, i) => groupBytes(half, i === halves.length - 1))
  if (!head) return undefined
  if (halves.length === 1) return head.length === 16 ? head : undefined
  if (!tail || head.length + tail.length > 14) return undefined
  return [...head, ...new Array<number>(16 - head.length - tail.length).fill(0), ...tail]
}

function groupBytes(half: string, last: boolean): readonly number[] | undefined {
  if (half === '') return []
  const bytes: number[] = []
  const groups = half.split(':')
  for (const [i, group] of groups.entries()) {
    const four = last && i === groups.length - 1 && group.includes('.') ? fourBytes(group) : undefined
    if (four) bytes.push(...four)
    else if (GROUP.test(group)) bytes.push(Number.parseInt(group, 16) >> 8, Number.parseInt(group, 16) & 255)
    else return undefined
  }
  return bytes
}

/** A network: which addresses are in it. */
export interface Network {
  /** False for what is no address of its family. */
  contains(address: string): boolean
}

/** The network that `10.0.0.0/8` or `2001:db8::/32` names; bits of the address past its prefix play no part. Undefined for any other text. */
export function cidr(text: string): Network | undefined {
  const m = /^([^/]+)\/(\d{1,3})$/.exec(text)
  const base = m ? addressBytes(m[1]!) : undefined
  const bits = Number(m?.[2])
  if (!base || bits > base.length * 8) return undefined
  return {
    contains(address) {
      const bytes = addressBytes(address)
      return bytes !== undefined && bytes.length === base.length && samePrefix(bytes, base, bits)
    },
  }
}

function samePrefix(a: readonly number[], b: readonly number[], bits: number): boolean {
  const whole = bits >> 3
  for (let i = 0; i < whole; i++) if (a[i] !== b[i]) return false
  const rest = bits & 7
  return rest === 0 || (a[whole]! ^ b[whole]!) >> (8 - rest) === 0
}

/** An address by its bytes: IPv6 in its shortest form (RFC 5952). */
export function addressText(bytes: readonly number[]): string {
  if (bytes.length === 4) return bytes.join('.')
  const groups: string[] = []
  for (let i = 0; i < 16; i += 2) groups.push(((bytes[i]! << 8) | bytes[i + 1]!).toString(16))
  const [from, to] = longestZeros(groups)
  if (to - from < 2) return groups.join(':')
  return `${groups.slice(0, from).join(':')}::${groups.slice(to).join(':')}`
}

function longestZeros(groups: readonly string[]): readonly [from: number, to: number] {
  let best: readonly [number, number] = [0, 0]
  for (let i = 0; i < groups.length; ) {
    let to = i
    while (groups[to] === '0') to++
    if (to - i > best[1] - best[0]) best = [i, to]
    i = to + 1
  }
  return best
}
