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
 * are done here.
 */
export async function blocksWith(lookup: TermLookup, terms: Terms): Promise<Bits | undefined> {
  await lookup.ask([terms])
  return lookup.blocks(terms)
}

/** Terms looked up so far, for one search or for many: each once. */
export class TermLookup {
  private readonly lists = new Map<string, string | null>()
  private readonly bits = new Map<string, Bits>()

  /** @param highest number of the last block that counts */
  constructor(
    readonly connection: Connection,
    readonly highest: number,
  ) {}

  /** About as many bytes are kept. */
  size = 0

  /** @param whole  only terms without a star, which cost less */
  async ask(all: Iterable<Terms>, whole = false): Promise<void> {
    const tokens = new Set<string>()
    for (const terms of all) collect(terms, tokens)
    const open = [...tokens].filter((t) => !this.lists.has(t) && !(whole && t.endsWith('*')))
    for (const [token, ids] of await lookUp(this.connection, open)) {
      this.lists.set(token, ids)
      this.size += token.length + (ids?.length ?? 0) + this.highest / 8 + OF_A_TERM
    }
  }
  /** Blocks that may hold events with these terms, as far as they were asked for; undefined when any may. Read only. */
  blocks(terms: Terms): Bits | undefined {
    return resolve(terms, (token) => this.of(token), this.highest)
  }
  private of(token: string): Bits | undefined {
    let bits = this.bits.get(token)
    if (!bits && this.lists.has(token)) this.bits.set(token, (bits = Bits.of(this.lists.get(token)!, this.highest)))
    return bits
  }
}

/** Files whose lookups a thread keeps, and bytes that those of a file take before it begins anew. */
const FILES = 16
const BYTES = 2 << 20
const OF_A_TERM = 100

/** The lookups of a thread: blocks do not change, so what was found up to a block stays so. */
export class TermLookups {
  /** By file and last block; the one asked for last stands last. */
  private readonly kept = new Map<string, TermLookup>()

  of(connection: Connection, highest: number): TermLookup {
    const key = `${connection.path} ${highest}`
    let found = this.kept.get(key)
    this.kept.delete(key)
    if (!found || found.size > BYTES) found = new TermLookup(connection, highest)
    this.kept.set(key, found)
    if (this.kept.size > FILES) this.kept.delete(this.kept.keys().next().value!)
    return found
  }
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

type Find = (token: string) => Bits | undefined

function resolve(terms: Terms, find: Find, highest: number): Bits | undefined {
  if ('all' in terms) return inAll(terms.all, find, highest)
  if ('any' in terms) return inAny(terms.any, find, highest)
  const token = tokenOf(terms)
  return token === undefined ? undefined : find(token)
}

function inAll(all: readonly Terms[], find: Find, highest: number): Bits | undefined {
  let found: Bits | undefined
  for (const t of all) {
    const bits = resolve(t, find, highest)
    if (bits) found = found ? found.both(bits) : bits
  }
  return found
}

function inAny(any: readonly Terms[], find: Find, highest: number): Bits | undefined {
  const found = Bits.none(highest)
  for (const t of any) {
    const bits = resolve(t, find, highest)
    if (bits === undefined) return undefined
    found.or(bits)
  }
  return found
}

/** One quoted token, or the beginning of one; undefined when only the text can tell. A term never holds a quotation mark: it is a major breaker. */
function tokenOf({ term, wildcard }: Leaf): string | undefined {
  const star = wildcard ? term.indexOf('*') : -1
  const bytes = indexTerm(star < 0 ? term : term.slice(0, star))
  if (bytes.length === 0 || (star >= 0 && bytes.length < SHORTEST_PREFIX)) return undefined
  const quoted = `"${Buffer.from(bytes).toString().replaceAll('"', '*')}"`
  return star < 0 ? quoted : `${quoted} *`
}
