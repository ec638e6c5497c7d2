/**
 * printf of the eval language: `%[flags][width][.precision]conversion`.
 * @source Search Reference, Conversion functions, printf
 */

/** An argument: its text, or null (printed `Null`), and the number that it is, or NaN. */
export interface Printed {
  readonly text: string | null
  readonly number: number
}
const MISSING: Printed = { text: null, number: Number.NaN }

interface Spec {
  readonly flags: string
  readonly width: number
  readonly precision: number | undefined
}
const CONVERSION = /%(?:%|([-+ #0']*)(\*|\d+)?(?:\.(\*|\d+)?)?([aAcdiouxXpeEfFgGsz]))/g
const ANY = /%/g
/** Wider results are no use and could fill the memory. */
const WIDEST = 10_000

/** Whether a format holds only conversions that there are. */
export function isFormat(format: string): boolean {
  return (format.replace(CONVERSION, '').match(ANY) ?? []).length === 0
}

/** Conversions without an argument left print nothing but their width. */
export function printf(format: string, args: readonly Printed[]): string {
  let at = 0
  const next = () => args[at++]
  const counted = (typed: string) => (typed === '*' ? whole((next() ?? MISSING).number) : Number(typed))
  return format.replace(CONVERSION, (all: string, ...groups: unknown[]) => {
    if (all === '%%') return '%'
    const [flags = '', width = '0', precision, conversion] = groups as (string | undefined)[]
    const wide = counted(width)
    const exact = all.includes('.') ? counted(precision ?? '0') : -1
    const spec: Spec = {
      flags: wide < 0 ? `${flags}-` : flags,
      width: Math.min(WIDEST, Math.abs(wide)),
      precision: exact < 0 ? undefined : Math.min(100, exact),
    }
    const arg = next()
    return arg ? converted(conversion!, spec, arg) : pad('', spec, false)
  })
}

const whole = (x: number) => (x === x ? Math.trunc(x) : 0)

function converted(conversion: string, spec: Spec, arg: Printed): string {
  if (conversion === 's' || conversion === 'z') return pad(cut(arg.text ?? 'Null', spec.precision), spec, false)
  if (conversion === 'c') return pad(character(arg), spec, false)
  const x = arg.number
  // A missing value is printed whatever is asked of it.
  if (x !== x) return pad('Null', spec, false)
  if ('di'.includes(conversion)) return integer(x, spec)
  if ('ouxXp'.includes(conversion)) return unsigned(x, conversion, spec)
  return floating(x, conversion, spec)
}

const cut = (text: string, precision: number | undefined) => (precision === undefined ? text : [...text].slice(0, precision).join(''))

/** A number is a code point, of a text the first character counts. */
function character({ text, number: code }: Printed): string {
  if (code === code) return code >= 0 && code <= 0x10ffff ? String.fromCodePoint(Math.trunc(code)) : ''
  return text === null ? 'Null' : [...text.slice(0, 2)].slice(0, 1).join('')
}

/** @param zeros  whether the flag `0` counts: it does for numbers without a precision of their own */
function pad(text: string, spec: Spec, zeros: boolean): string {
  const missing = spec.width - [...text].length
  if (missing <= 0) return text
  if (spec.flags.includes('-')) return text + ' '.repeat(missing)
  if (!zeros || !spec.flags.includes('0')) return ' '.repeat(missing) + text
  const m = /^[+\- ]?(?:0[xX])?/.exec(text)![0]
  return m + '0'.repeat(missing) + text.slice(m.length)
}

function signed(negative: boolean, digits: string, spec: Spec): string {
  return (negative ? '-' : spec.flags.includes('+') ? '+' : spec.flags.includes(' ') ? ' ' : '') + digits
}

const grouped = (digits: string, spec: Spec) =>
  spec.flags.includes("'") ? digits.replace(/^\d+/, (d) => d.replace(/\B(?=(?:\d{3})+$)/g, ',')) : digits
const leastDigits = (digits: string, spec: Spec) => digits.padStart(spec.precision ?? 1, '0')

function integer(x: number, spec: Spec): string {
  const n = BigInt(Number.isFinite(x) ? Math.trunc(x) : 0)
  const digits = grouped(leastDigits(String(n < 0n ? -n : n), spec), spec)
  return pad(signed(n < 0n, digits, spec), spec, spec.precision === undefined)
}

const BASES: Readonly<Record<string, number>> = { o: 8, u: 10, x: 16, X: 16, p: 16 }
const PREFIXES: Readonly<Record<string, string>> = { o: '0', u: '', x: '0x', X: '0X', p: '0X' }

/** Without a sign: a negative number is its two's complement of 64 bits, as in C. */
function unsigned(x: number, conversion: string, spec: Spec): string {
  const n = BigInt.asUintN(64, BigInt(Number.isFinite(x) ? Math.trunc(x) : 0))
  const plain = leastDigits(n.toString(BASES[conversion]), spec)
  // `p` is written in capitals, as the documented example has it.
  const digits = conversion === 'X' || conversion === 'p' ? plain.toUpperCase() : conversion === 'u' ? grouped(plain, spec) : plain
  const prefix = spec.flags.includes('#') && n !== 0n ? PREFIXES[conversion]! : ''
  return pad(prefix + digits, spec, spec.precision === undefined)
}

const DIGITS: Readonly<Record<string, (x: number, spec: Spec) => string>> = {
  a: (x, spec) => hexadecimal(x, spec.precision),
  e: (x, spec) => exponential(x, spec.precision ?? 6),
  f: (x, spec) => grouped(fixed(x, spec.precision ?? 6), spec),
  g: (x, spec) => grouped(general(x, spec), spec),
}

function floating(x: number, conversion: string, spec: Spec): string {
  const kind = conversion.toLowerCase()
  const digits = Number.isFinite(x) ? DIGITS[kind]!(Math.abs(x), spec) : 'inf'
  const text = signed(x < 0 || Object.is(x, -0), digits, spec)
  return pad(conversion === kind ? text : text.toUpperCase(), spec, Number.isFinite(x))
}

/** C rounds exact halves to the even digit, JavaScript up: `%.0f` of 2.5 is 2. Both forms show every digit that a double has at 100 places. */
function toEven(rounded: string, every: string, precision: number): string {
  const end = every.indexOf('.') + (precision === 0 ? 0 : precision + 1)
  const cut = every.slice(0, end)
  const isHalf = /^\.?50*(?:e|$)/.test(every.slice(end))
  return isHalf && '02468'.includes(cut.at(-1)!) ? cut + /(?:e.*)?$/.exec(every)![0] : rounded
}

function fixed(x: number, precision: number): string {
  // From here on `toFixed` writes an exponent; all such doubles are whole.
  if (x >= 1e21) return BigInt(x) + (precision > 0 ? `.${'0'.repeat(precision)}` : '')
  return toEven(x.toFixed(precision), x.toFixed(100), precision)
}
/** C writes at least two digits of the exponent. */
const exponential = (x: number, precision: number) =>
  toEven(x.toExponential(precision), x.toExponential(100), precision).replace(/e([+-])(\d)$/, 'e$10$2')

/** The shorter of `e` and `f` by C's rule; zeros at the end go unless `#`. */
function general(x: number, spec: Spec): string {
  const precision = spec.precision === 0 ? 1 : (spec.precision ?? 6)
  const exponent = x === 0 ? 0 : Number(exponential(x, precision - 1).split('e')[1])
  const text = exponent < -4 || exponent >= precision ? exponential(x, precision - 1) : fixed(x, Math.max(0, precision - 1 - exponent))
  return spec.flags.includes('#') ? text : text.replace(/(\.\d*?)0+(?=e|$)/, '$1').replace(/\.(?=e|$)/, '')
}

/** `0x1.922p+1`: the binary digits in hexadecimal, rounded half to even at the precision. */
function hexadecimal(x: number, precision: number | undefined): string {
  if (x === 0) return `0x0${precision ? `.${'0'.repeat(precision)}` : ''}p+0`
  let exponent = Math.floor(Math.log2(x))
  if (x / 2 ** exponent >= 2) exponent++
  else if (x / 2 ** exponent < 1) exponent--
  // 52 bits after the point: exact for every normal double.
  let bits = BigInt(Math.round((x / 2 ** exponent) * 2 ** 52))
  const places = Math.min(precision ?? 13, 13)
  const dropped = BigInt(4 * (13 - places))
  if (dropped > 0n) {
    const half = 1n << (dropped - 1n)
    const rest = bits & ((1n << dropped) - 1n)
    bits >>= dropped
    if (rest > half || (rest === half && (bits & 1n) === 1n)) bits++
  }
  const first = bits >> BigInt(4 * places)
  let fraction = places === 0 ? '' : (bits & ((1n << BigInt(4 * places)) - 1n)).toString(16).padStart(places, '0')
  fraction = precision === undefined ? fraction.replace(/0+$/, '') : fraction.padEnd(precision, '0')
  return `0x${first}${fraction ? `.${fraction}` : ''}p${exponent < 0 ? '-' : '+'}${Math.abs(exponent)}`
}
