import { between, type CodeSet, complement, LAST } from './set'

const UNIT_LAST = 0xffff
const HIGH = '[\\ud800-\\udbff]'
const LOW = '[\\udc00-\\udfff]'
const LONE = `${HIGH}(?!${LOW})|(?<!${HIGH})${LOW}`

/** One character as it stands in an expression, in brackets or not. */
export function escaped(code: number): string {
  if (code > UNIT_LAST) return [...String.fromCodePoint(code)].map((c) => unit(c.charCodeAt(0)) + unit(c.charCodeAt(1))).join('')
  const text = String.fromCharCode(code)
  if (/[\w -~]/.test(text)) return /[$()*+./?[\\\]^{|}-]/.test(text) ? `\\${text}` : text
  return /[\p{L}\p{N}\p{P}\p{S}]/u.test(text) && code < 0xd800 ? text : unit(code)
}

const unit = (code: number) => (code < 0x100 ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u${code.toString(16).padStart(4, '0')}`)

function brackets(set: CodeSet, negative: boolean): string {
  const ranges: string[] = []
  for (let i = 0; i < set.length; i += 2) {
    const first = set[i]!
    const last = set[i + 1]!
    ranges.push(escaped(first) + (last === first ? '' : (last > first + 1 ? '-' : '') + escaped(last)))
  }
  return `[${negative ? '^' : ''}${ranges.join('')}]`
}

/** One UTF-16 unit of a set, as an item that a quantifier may follow. */
function units(set: CodeSet): string {
  const low = between(set, 0, UNIT_LAST)
  if (low.length === 0) return '(?!)'
  if (low.length === 2 && low[0] === low[1]) return escaped(low[0]!)
  const rest = complement(low, UNIT_LAST)
  return rest.length < low.length ? brackets(rest, true) : brackets(low, false)
}

/** Whether a set holds characters that take two UTF-16 units. */
export const isWide = (set: CodeSet) => set.length > 0 && set.at(-1)! > UNIT_LAST

/**
 * A set as an item. `exact` takes a surrogate pair as the one character that it is; without it each unit counts for itself,
 * which is the same for a text without pairs and lets V8 scan units.
 */
export function writeSet(set: CodeSet, exact: boolean): string {
  if (!exact || !isWide(set)) return units(set)
  const branches: string[] = []
  const plain = [...between(set, 0, 0xd7ff), ...between(set, 0xe000, UNIT_LAST)]
  if (plain.length > 0) branches.push(brackets(plain, false))
  if (between(set, 0xd800, 0xdfff).length > 0) branches.push(LONE)
  const astral = between(set, UNIT_LAST + 1, LAST)
  branches.push(...pairs(astral))
  return `(?:${branches.join('|')})`
}

/** Surrogate pairs of ranges past U+FFFF: whole blocks of a high half together, what is left by its own. */
function pairs(set: CodeSet): string[] {
  const out: string[] = []
  for (let i = 0; i < set.length; i += 2) {
    for (let first = set[i]!; first <= set[i + 1]!; ) {
      const block = first & 0x3ff
      const whole = block === 0 ? (set[i + 1]! + 1 - first) >> 10 : 0
      const last = whole > 0 ? first + (whole << 10) - 1 : Math.min(set[i + 1]!, first | 0x3ff)
      out.push(brackets([high(first), high(last)], false) + brackets([low(first), low(last)], false))
      first = last + 1
    }
  }
  return out
}

const high = (code: number) => 0xd800 + ((code - 0x10000) >> 10)
const low = (code: number) => 0xdc00 + (code & 0x3ff)
