import { RegexProblem } from './problem'
import { type CodeSet, complement, EVERY, HORIZONTAL, LAST, SPACE, union, VERTICAL } from './set'

/** What PCRE2 calls by names that Unicode does not have. */
const OWN: ReadonlyMap<string, readonly string[]> = new Map([
  ['l&', ['Lu', 'Ll', 'Lt']],
  ['lc', ['Lu', 'Ll', 'Lt']],
  ['xan', ['L', 'N']],
  ['xwd', ['L', 'N', 'Mn', 'Pc']],
])
const PLANE = 0x10000
/** First and last of the planes that Unicode has not begun to fill: one character speaks for all. */
const UNASSIGNED = [0x40000, 0xd0000] as const

const made = new Map<string, CodeSet>()

/**
 * The characters of a Unicode property as `\p{…}` names it: a general category or a script. `(?i)` does not widen it (10.42).
 * @param at  where the pattern stands, for the problem
 * @source pcre2pattern(3), "Unicode character properties" (10.42)
 */
export function propertySet(text: string, at: number): CodeSet {
  const bare = text.replace(/[\s_-]/g, '')
  if (bare.startsWith('^')) return complement(propertySet(bare.slice(1), at))
  const name = bare.toLowerCase()
  if (name === 'any') return EVERY
  if (name === 'xsp' || name === 'xps') return union(SPACE, HORIZONTAL, VERTICAL)
  const names = OWN.get(name) ?? [bare]
  const sets = names.map((n) => made.get(n) ?? scan(n))
  const found = sets.filter((s) => s !== undefined)
  if (found.length < sets.length) throw new RegexProblem('unknown property after \\P or \\p', at)
  names.forEach((n, i) => void made.set(n, found[i]!))
  return union(...found)
}

/** Asks JavaScript's own tables, which only a `u` expression can reach. */
function scan(name: string): CodeSet | undefined {
  const test = expression(name)
  if (!test) return undefined
  const ranges: number[] = []
  for (let plane = 0; plane <= LAST; plane += PLANE) {
    if (plane < UNASSIGNED[0] || plane > UNASSIGNED[1]) scanPlane(plane, test, ranges)
    else if (String.fromCodePoint(plane).match(test)) ranges.push(plane, plane + PLANE - 1)
  }
  return union(ranges)
}

function scanPlane(plane: number, test: RegExp, ranges: number[]): void {
  const units: string[] = []
  for (let code = plane; code < plane + PLANE; code++) units.push(code >= 0xd800 && code <= 0xdfff ? '\ufffe' : String.fromCodePoint(code))
  const width = plane === 0 ? 1 : 2
  for (const found of units.join('').matchAll(test)) {
    const first = plane + found.index / width
    ranges.push(first, first + found[0].length / width - 1)
  }
}

function expression(name: string): RegExp | undefined {
  const title = name.replace(/^\p{L}/u, (c) => c.toUpperCase())
  const bare = name.replace(/^(?:script|sc|scx|scriptextensions)[:=]/i, '')
  const script = bare.replace(/^\p{L}/u, (c) => c.toUpperCase())
  for (const text of [`gc=${title}`, `scx=${script}`]) {
    try {
      return new RegExp(`\\p{${text}}+`, 'gu')
    } catch {
      // Not a name of this kind; the next is tried.
    }
  }
  return undefined
}
