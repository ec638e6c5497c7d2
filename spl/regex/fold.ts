import { type CodeSet, complement, LAST, sameSet, union } from './set'

const ASCII_LAST = 0x7f
const UNIT_LAST = 0xffff

// DIFFERS: PCRE2 also takes U+212A for k, U+017F for s and folds letters past U+FFFF; JavaScript's `i` flag does not.
/** What JavaScript's `i` flag (without `u`) compares instead of a UTF-16 unit. */
function canonical(code: number): number {
  if (code > UNIT_LAST) return code
  const upper = String.fromCharCode(code).toUpperCase()
  if (upper.length !== 1) return code
  const unit = upper.charCodeAt(0)
  return code > ASCII_LAST && unit <= ASCII_LAST ? code : unit
}

/** All units that compare equal, by each unit that has such others; made when a non-ASCII letter is first folded. */
let others: Map<number, readonly number[]> | undefined

function equals(): Map<number, readonly number[]> {
  if (others) return others
  const byCanonical = new Map<number, number[]>()
  for (let code = 0; code <= UNIT_LAST; code++) {
    const key = canonical(code)
    const list = byCanonical.get(key)
    if (list) list.push(code)
    else byCanonical.set(key, [code])
  }
  others = new Map()
  for (const list of byCanonical.values()) if (list.length > 1) for (const code of list) others.set(code, list)
  return others
}

const letter = (code: number) => (code >= 0x41 && code <= 0x5a) || (code >= 0x61 && code <= 0x7a)

/** All characters that equal one when case does not count, itself included. */
export function variants(code: number): readonly number[] {
  if (code <= ASCII_LAST) return letter(code) ? [code & ~0x20, code | 0x20] : [code]
  return equals().get(code) ?? [code]
}

/** The set with the variants of all its members. */
export function foldSet(set: CodeSet): CodeSet {
  const more = [set]
  for (let i = 0; i < set.length; i += 2) more.push(foldRange(set[i]!, set[i + 1]!))
  return union(...more)
}

function foldRange(first: number, last: number): CodeSet {
  const more: CodeSet[] = []
  for (let code = first; code <= Math.min(last, ASCII_LAST); code++) more.push(...variants(code).map((other) => [other, other]))
  if (last <= ASCII_LAST) return union(...more)
  for (const [code, list] of equals()) if (code >= first && code <= last) more.push(...list.map((other) => [other, other]))
  return union(...more)
}

/** Whether case makes no difference to a set: neither it nor, what is the same, its complement gains by folding. */
export function closed(set: CodeSet): boolean {
  const small = set.at(-1) === LAST ? complement(set) : set
  return sameSet(foldSet(small), small)
}
