import { readEscape } from './escape'
import { foldSet } from './fold'
import { RegexProblem } from './problem'
import type { Flags, Reader } from './reader'
import { type CodeSet, complement, POSIX, union } from './set'

/** One member: a character, which may begin or end a range, or a set, which may not. */
type Member = { readonly code: number } | { readonly set: CodeSet }

/** `[…]`, whose opening bracket has been read. */
export function readBrackets(reader: Reader, flags: Flags): CodeSet {
  refuseOuterPosix(reader)
  const negative = reader.take('^')
  const sets: CodeSet[] = []
  for (let first = true; ; first = false) {
    skipInside(reader, flags)
    if (reader.done) throw new RegexProblem('missing terminating ] for character class', reader.at)
    if (!first && !reader.quoted && reader.take(']')) break
    sets.push(readRange(reader, flags))
  }
  const set = union(...sets)
  return negative ? complement(set) : set
}

function skipInside(reader: Reader, flags: Flags): void {
  do reader.skipQuoting()
  while (flags.xx && !reader.quoted && (reader.take(' ') || reader.take('\t')))
}

/** member | character - character */
function readRange(reader: Reader, flags: Flags): CodeSet {
  const start = readMember(reader, flags)
  const end = readRangeEnd(reader, flags, start)
  if ('set' in start) return start.set
  const last = end ?? start.code
  if (last < start.code) throw new RegexProblem('range out of order in character class', reader.at - 1)
  const range = [start.code, last]
  return flags.i ? foldSet(range) : range
}

/** `- character`, unless the hyphen stands for itself because the class ends behind it. */
function readRangeEnd(reader: Reader, flags: Flags, start: Member): number | undefined {
  skipInside(reader, flags)
  const hyphen = reader.at
  if (reader.quoted || !reader.take('-')) return undefined
  skipInside(reader, flags)
  if (reader.done || (!reader.quoted && reader.peek() === ']')) {
    reader.at = hyphen
    return undefined
  }
  if ('set' in start) throw new RegexProblem('invalid range in character class', hyphen)
  const end = readMember(reader, flags)
  if ('set' in end) throw new RegexProblem('invalid range in character class', reader.at - 1)
  return end.code
}

function readMember(reader: Reader, flags: Flags): Member {
  if (reader.quoted) return { code: reader.character() }
  if (/^\[[:.=]/.test(reader.pattern.slice(reader.at, reader.at + 2))) {
    const set = readPosix(reader, flags)
    if (set) return { set }
  }
  const start = reader.at
  if (!reader.take('\\')) return { code: reader.character() }
  const escaped = readEscape(reader)
  if (!('letter' in escaped)) return escaped
  if (escaped.letter === 'b') return { code: 8 }
  if (/[1-9]/.test(escaped.letter)) return { code: octal(reader, start + 1) }
  if (escaped.letter === 'N') throw new RegexProblem('\\N is not supported in a class', reader.at)
  throw new RegexProblem('escape sequence is invalid in character class', reader.at)
}

/** In brackets a number is never a back reference: up to three octal digits, or 8 and 9 themselves. */
function octal(reader: Reader, start: number): number {
  reader.at = start
  const digits = reader.run(/[0-7]{1,3}/y)
  return digits === '' ? reader.character() : Number.parseInt(digits, 8)
}

/** `[:name:]`, `[:^name:]`; anything else that begins so is an ordinary bracket. */
function readPosix(reader: Reader, flags: Flags): CodeSet | undefined {
  const start = reader.at
  const mark = reader.peek(1)
  const text = /^\[([:.=])(\^?)((?:(?!\[[:.=])[^\]\\])*?)\1\]/.exec(reader.pattern.slice(start))
  if (!text) return undefined
  if (mark !== ':') throw new RegexProblem('POSIX collating elements are not supported', start)
  const set = POSIX.get(text[3]!)
  if (!set) throw new RegexProblem('unknown POSIX class name', start + (text[2] ? 3 : 2))
  reader.at += text[0].length
  const folded = flags.i ? foldSet(set) : set
  return text[2] ? complement(folded) : folded
}

/** `[:alpha:]` without outer brackets is a slip that PCRE2 names. */
function refuseOuterPosix(reader: Reader): void {
  const rest = reader.pattern.slice(reader.at - 1)
  const text = /^\[([:.=])\^?[a-zA-Z]*\1\]/.exec(rest)
  if (!text) return
  const words = text[1] === ':' ? 'POSIX named classes are supported only within a class' : 'POSIX collating elements are not supported'
  throw new RegexProblem(words, reader.at - 1)
}
