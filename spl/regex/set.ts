/** A set of code points: first, last, first, last, …; ascending, without overlap or touching neighbours. */
export type CodeSet = readonly number[]

export const LAST = 0x10ffff
export const EVERY: CodeSet = [0, LAST]
export const NONE: CodeSet = []

/** The set of some ranges in any order. */
export function union(...sets: readonly CodeSet[]): CodeSet {
  const pairs: [number, number][] = []
  for (const set of sets) for (let i = 0; i < set.length; i += 2) pairs.push([set[i]!, set[i + 1]!])
  pairs.sort((a, b) => a[0] - b[0])
  const out: number[] = []
  for (const [first, last] of pairs) {
    const end = out.length - 1
    if (end > 0 && first <= out[end]! + 1) out[end] = Math.max(out[end]!, last)
    else out.push(first, last)
  }
  return out
}

export function complement(set: CodeSet, last = LAST): CodeSet {
  const out: number[] = []
  let next = 0
  for (let i = 0; i < set.length; i += 2) {
    if (set[i]! > next) out.push(next, set[i]! - 1)
    next = set[i + 1]! + 1
  }
  if (next <= last) out.push(next, last)
  return out
}

/** What of a set lies between two code points. */
export function between(set: CodeSet, first: number, last: number): CodeSet {
  const out: number[] = []
  for (let i = 0; i < set.length; i += 2) {
    const from = Math.max(set[i]!, first)
    const to = Math.min(set[i + 1]!, last)
    if (from <= to) out.push(from, to)
  }
  return out
}

export function overlaps(a: CodeSet, b: CodeSet): boolean {
  for (let i = 0, j = 0; i < a.length && j < b.length; ) {
    if (a[i + 1]! < b[j]!) i += 2
    else if (b[j + 1]! < a[i]!) j += 2
    else return true
  }
  return false
}

export const sameSet = (a: CodeSet, b: CodeSet) => a.length === b.length && a.every((n, i) => n === b[i])

/** The set of the characters of a text, where `x-y` is a range (a hyphen that is meant stands first). */
export function setOf(text: string): CodeSet {
  const codes = [...text].map((c) => c.codePointAt(0)!)
  const ranges: CodeSet[] = []
  for (let i = 0; i < codes.length; i++) {
    const range = codes[i + 1] === 0x2d && codes[i + 2] !== undefined
    ranges.push([codes[i]!, codes[range ? i + 2 : i]!])
    if (range) i += 2
  }
  return union(...ranges)
}

export const DIGIT = setOf('0-9')
export const WORD = setOf('A-Za-z0-9_')
// PCRE2's \s without UCP: space, \t \n \v \f \r; JavaScript's also takes the no-break space and its like.
export const SPACE = setOf('\t-\r ')
export const HORIZONTAL = setOf('\t \xa0\u1680\u180e\u2000-\u200a\u202f\u205f\u3000')
export const VERTICAL = setOf('\n-\r\x85\u2028\u2029')
export const NEWLINE = setOf('\n')

/** The POSIX classes, ASCII only as in PCRE2 without UCP. */
export const POSIX: ReadonlyMap<string, CodeSet> = new Map([
  ['alnum', setOf('A-Za-z0-9')],
  ['alpha', setOf('A-Za-z')],
  ['ascii', setOf('\0-\x7f')],
  ['blank', setOf('\t ')],
  ['cntrl', setOf('\0-\x1f\x7f')],
  ['digit', DIGIT],
  ['graph', setOf('!-~')],
  ['lower', setOf('a-z')],
  ['print', setOf(' -~')],
  ['punct', setOf('!-/:-@[-`{-~')],
  ['space', SPACE],
  ['upper', setOf('A-Z')],
  ['word', WORD],
  ['xdigit', setOf('0-9A-Fa-f')],
])
