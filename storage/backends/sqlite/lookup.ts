import type { Terms } from '../../../spl/expressions/predicate'
import { indexTerm } from '../../../spl/segments/term-set'
import { Bits } from './bits'
import type { Connection } from './connection'

/** Terms asked for in one statement: each is still looked up by itself. */
const AT_ONCE = 500
/** A shorter beginning stands in nearly every block, and collecting its terms costs more than looking. */
const SHORTEST_PREFIX = 2

/**
 * Which blocks may hold events with these terms; undefined when any may. The text of a search never becomes an expression of the full-text
 * engine (which has limits on depth, on control characters and on NOT): each distinct term is looked up as one quoted token, AND and OR
 * are done here. @param highest number of the last block that counts
 */
export async function blocksWith(connection: Connection, terms: Terms, highest: number): Promise<Bits | undefined> {
  const tokens = new Set<string>()
  collect(terms, tokens)
  const lists = await lookUp(connection, [...tokens])
  return resolve(terms, (token) => Bits.of(lists.get(token)!, highest), highest)
}

type Leaf = Extract<Terms, { term: string }>

function collect(terms: Terms, tokens: Set<string>): void {
  if ('term' in terms) {
    const token = tokenOf(terms)
    if (token !== undefined) tokens.add(token)
  } else for (const t of 'all' in terms ? terms.all : terms.any) collect(t, tokens)
}

/** Block numbers per token, as text: most are short, and they become sets only where they are used. */
async function lookUp(connection: Connection, tokens: readonly string[]): Promise<Map<string, string | null>> {
  const lists = new Map<string, string | null>()
  for (let i = 0; i < tokens.length; i += AT_ONCE) {
    const asked = tokens.slice(i, i + AT_ONCE)
    const rows = await connection.all<{ ids: string | null }>(
      'SELECT (SELECT group_concat(rowid) FROM fts WHERE fts MATCH j.value) AS ids FROM json_each(?) AS j ORDER BY j.key',
      JSON.stringify(asked),
    )
    for (const [k, token] of asked.entries()) lists.set(token, rows[k]!.ids)
  }
  return lists
}

function resolve(terms: Terms, find: (token: string) => Bits, highest: number): Bits | undefined {
  if ('term' in terms) {
    const token = tokenOf(terms)
    return token === undefined ? undefined : find(token)
  }
  if ('all' in terms) {
    let all: Bits | undefined
    for (const t of terms.all) {
      const bits = resolve(t, find, highest)
      if (all && bits) all.and(bits)
      else all ??= bits
    }
    return all
  }
  const any = Bits.none(highest)
  for (const t of terms.any) {
    const bits = resolve(t, find, highest)
    if (bits === undefined) return undefined
    any.or(bits)
  }
  return any
}

/** One quoted token, or the beginning of one; undefined when only the text can tell. A term never holds a quotation mark: it is a major breaker. */
function tokenOf({ term, wildcard }: Leaf): string | undefined {
  const star = wildcard ? term.indexOf('*') : -1
  const bytes = indexTerm(star < 0 ? term : term.slice(0, star))
  if (bytes.length === 0 || (star >= 0 && bytes.length < SHORTEST_PREFIX)) return undefined
  const quoted = `"${Buffer.from(bytes).toString().replaceAll('"', '*')}"`
  return star < 0 ? quoted : `${quoted} *`
}
