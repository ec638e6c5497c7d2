import type { Batch } from '../batch/batch'
import { NOTHING } from '../batch/demand'
import { indexOption, rowBatches, storeOf } from '../operators/store-rows'
import type { RunContext } from '../syntax/behaviour'
import { command } from '../syntax/command'
import { boolean, integer, option, refusal, text } from '../syntax/shapes'
import type { StoreFacts } from '../syntax/store-facts'
import { fail } from '../text/problems'
import { unescapeQuoted } from '../text/reader'
import { compareTexts } from '../values/compare'

interface Arguments {
  readonly prefix: string | undefined
  readonly count: number | undefined
  readonly index: readonly string[]
}

const unsupported = (name: string) => option(name, text, undefined)

export default command({
  name: 'typeahead',
  summary: 'How the last word of a search may go on: names of indexes, values of the default fields, terms of events.',
  source: 'Search Reference 9.x, typeahead',
  kind: 'generating',
  inspects: true,
  syntax: {
    prefix: option('prefix', text, undefined),
    count: option('count', integer, undefined),
    index: indexOption,
    collapse: option('collapse', boolean, false),
    banned_segments: unsupported('banned_segments'),
    endtimeu: unsupported('endtimeu'),
    max_servers: unsupported('max_servers'),
    max_time: unsupported('max_time'),
    starttimeu: unsupported('starttimeu'),
    use_cache: unsupported('use_cache'),
  },
  check({ prefix, count, index: _index, ...others }) {
    if (prefix === undefined) throw refusal('typeahead', "You must specify a 'prefix' argument.")
    if (count === undefined) throw refusal('typeahead', "You must specify a 'count' argument.")
    for (const [name, value] of Object.entries(others))
      if (value !== undefined && value !== false) throw fail('not-supported-setup', { what: `the option '${name}' of typeahead` })
  },
  needs: () => NOTHING,
  generate: completions,
  examples: ['typeahead prefix="index=_" count=5', 'typeahead prefix="error us" count=10 index=main'],
})

interface Completion {
  readonly content: string
  readonly count: number
}

// DIFFERS: Splunk counts the events of a term and by default leaves out a term that begins another one with the same count.
async function* completions({ prefix, count, index }: Arguments, context: RunContext): AsyncGenerator<Batch> {
  const word = lastWord(prefix!)
  if (word === undefined) return
  const store = storeOf(context)
  const indexes = store.indexes(index)
  const terms = await store.terms({ indexes, pattern: `${word}*`, limit: count! })
  const found = new Map(terms.map(({ term, blocks }) => [term, { content: term, count: blocks }]))
  for (const c of await fieldValues(store, word, indexes)) found.set(c.content, c)
  const rows = [...found.values()].sort((a, b) => compareTexts(a.content, b.content)).slice(0, count)
  yield* rowBatches(rows, { content: (c) => c.content, count: (c) => c.count }, context)
}

const PIECES = /"(?:[^"\\]|\\.)*"?|\s+|[|()[\]]|[^\s"|()[\]]+/g
/** What is being typed, in lower case; undefined where no term goes on from it: after a blank, a star or a pipe. */
function lastWord(prefix: string): string | undefined {
  let word = ''
  for (const [piece] of prefix.matchAll(PIECES)) {
    if (piece === '|') return undefined
    if (/^[\s()[\]]/.test(piece)) word = ''
    else word += piece.startsWith('"') ? unescapeQuoted(piece.replace(/^"|"$/g, '')) : piece
  }
  return word.includes('*') ? undefined : word.toLowerCase() || undefined
}

const FIELDS = [
  ['host', 'hosts'],
  ['source', 'sources'],
  ['sourcetype', 'sourcetypes'],
] as const

/** `index=…`, `host=…` and their like, as a search writes them. */
async function fieldValues(store: StoreFacts, word: string, indexes: readonly string[]): Promise<Completion[]> {
  const mayBe = (field: string) => `${field}=`.startsWith(word) || word.startsWith(`${field}=`)
  const described = (names: readonly string[]) =>
    store.describe({ indexes: names, earliest: Number.NEGATIVE_INFINITY, latest: Number.POSITIVE_INFINITY })
  const found = new Map<string, Completion>()
  const put = (field: string, value: string, events: number) => {
    if (!`${field}=${value}`.toLowerCase().startsWith(word)) return
    const content = `${field}=${written(value)}`
    found.set(content, { content, count: events + (found.get(content)?.count ?? 0) })
  }
  // Any index that may be searched can be named.
  if (mayBe('index')) for (const i of await described(store.indexes(['*', '_*']))) put('index', i.name, i.events)
  if (FIELDS.some(([field]) => mayBe(field)))
    for (const i of await described(indexes)) for (const [field, of] of FIELDS) for (const v of i[of]) put(field, v.value, v.count)
  return [...found.values()]
}

const written = (value: string): string => (/[\s",|()[\]=]/.test(value) ? `"${value.replace(/["\\]/g, '\\$&')}"` : value)
