import { RegexProblem, unsupported } from './problem'
import { propertySet } from './property'
import type { Reader } from './reader'
import { type CodeSet, complement, DIGIT, HORIZONTAL, LAST, SPACE, VERTICAL, WORD } from './set'

/** A character, a set of characters, or a letter (or digit) whose meaning depends on where it stands. */
export type Escaped = { readonly code: number } | { readonly set: CodeSet } | { readonly letter: string }

const CONTROLS: ReadonlyMap<string, number> = new Map([
  ['a', 7],
  ['e', 27],
  ['f', 12],
  ['n', 10],
  ['r', 13],
  ['t', 9],
])
const SETS: ReadonlyMap<string, CodeSet> = new Map([
  ['d', DIGIT],
  ['h', HORIZONTAL],
  ['s', SPACE],
  ['v', VERTICAL],
  ['w', WORD],
])

/** What follows a backslash, which has been read. */
export function readEscape(reader: Reader): Escaped {
  const start = reader.at
  if (reader.done) throw new RegexProblem('\\ at end of pattern', start)
  const code = reader.character()
  const letter = String.fromCodePoint(code)
  if (!/^[A-Za-z0-9]$/.test(letter)) return { code }
  const control = CONTROLS.get(letter)
  if (control !== undefined) return { code: control }
  const set = SETS.get(letter.toLowerCase())
  if (set) return { set: letter === letter.toLowerCase() ? set : complement(set) }
  switch (letter) {
    case 'x':
      return { code: hexadecimal(reader) }
    case 'o':
      return { code: octal(reader) }
    case 'c':
      return { code: controlled(reader) }
    case '0':
      return { code: Number.parseInt(`0${reader.run(/[0-7]{0,2}/y)}`, 8) }
    case 'p':
    case 'P':
      return { set: property(reader, letter === 'P') }
    case 'N':
      return reader.peek() === '{' ? named(reader) : { letter }
  }
  if ('FLlUu'.includes(letter)) throw new RegexProblem('PCRE2 does not support \\F, \\L, \\l, \\N{name}, \\U, or \\u', reader.at)
  if ('CX'.includes(letter)) throw unsupported(`\\${letter}`, start - 1)
  if (!/[ABEGKQRZbgkz1-9]/.test(letter)) throw new RegexProblem('unrecognized character follows \\', start)
  return { letter }
}

/** `\xhh`, with up to two digits, or `\x{h…}`. */
function hexadecimal(reader: Reader): number {
  if (!reader.take('{')) return Number.parseInt(`0${reader.run(/[0-9A-Fa-f]{0,2}/y)}`, 16)
  const digits = reader.run(/[0-9A-Fa-f]*/y)
  return braced(reader, digits, 16, 'non-hex character in \\x{} (closing brace missing?)')
}

/** `\o{o…}` */
function octal(reader: Reader): number {
  if (!reader.take('{')) throw new RegexProblem('missing opening brace after \\o', reader.at - 1)
  const digits = reader.run(/[0-7]*/y)
  return braced(reader, digits, 8, 'non-octal character in \\o{} (closing brace missing?)')
}

function braced(reader: Reader, digits: string, base: number, otherwise: string): number {
  if (digits === '' && reader.peek() === '}') throw new RegexProblem('digits missing in \\x{} or \\o{} or \\N{U+}', reader.at)
  if (!reader.take('}')) throw new RegexProblem(otherwise, reader.at)
  const code = Number.parseInt(digits, base)
  if (code > LAST) throw new RegexProblem('character code point value in \\x{} or \\o{} is too large', reader.at - 1)
  if (code >= 0xd800 && code <= 0xdfff) throw new RegexProblem('disallowed Unicode code point (>= 0xd800 && <= 0xdfff)', reader.at - 1)
  return code
}

/** `\cX`: the letter in upper case with bit 6 turned over. */
function controlled(reader: Reader): number {
  if (reader.done) throw new RegexProblem('\\c at end of pattern', reader.at)
  const code = reader.peek().toUpperCase().charCodeAt(0)
  if (code < 32 || code > 126) throw new RegexProblem('\\c must be followed by a printable ASCII character', reader.at)
  reader.at++
  return code ^ 0x40
}

/** `\N{U+h…}` */
function named(reader: Reader): Escaped {
  if (/^\{\d+(?:,\d*)?\}/.test(reader.pattern.slice(reader.at))) return { letter: 'N' }
  if (!reader.take('{U+')) throw new RegexProblem('PCRE2 does not support \\F, \\L, \\l, \\N{name}, \\U, or \\u', reader.at)
  return { code: braced(reader, reader.run(/[0-9A-Fa-f]*/y), 16, 'non-hex character in \\x{} (closing brace missing?)') }
}

/** `\pL`, `\p{name}`, `\p{^name}`, `\P…` */
function property(reader: Reader, negative: boolean): CodeSet {
  const short = reader.run(/[A-Za-z]/y)
  const text = short || reader.run(/\{[^{}]*\}/y).slice(1, -1)
  if (text === '') throw new RegexProblem('malformed \\P or \\p sequence', reader.at)
  const set = propertySet(text, reader.at)
  return negative ? complement(set) : set
}
