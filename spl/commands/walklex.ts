import { type Batch, rowsOf } from '../batch/batch'
import { valueAt } from '../batch/column'
import { NOTHING } from '../batch/demand'
import type { Predicate } from '../expressions/predicate'
import { isHere } from '../operators/servers'
import { indexOption, rowBatches, storeOf } from '../operators/store-rows'
import { MAX_ROWS, TermSet } from '../segments/term-set'
import type { RunContext } from '../syntax/behaviour'
import { command } from '../syntax/command'
import { oneOf, option, refusal, text } from '../syntax/shapes'
import { fail } from '../text/problems'
import { compareTexts } from '../values/compare'
import { textsOf } from '../values/value'
import { type Wildcard, wildcard } from '../values/wildcard'

interface Arguments {
  readonly index: readonly string[]
  readonly type: 'all' | 'field' | 'fieldvalue' | 'term'
  readonly prefix: string | undefined
  readonly pattern: string | undefined
  readonly server: string | undefined
}

export default command({
  name: 'walklex',
  summary: 'The terms and indexed fields of indexes, with the number of events that hold each.',
  source: 'Search Reference 9.x, walklex',
  kind: 'generating',
  inspects: true,
  syntax: {
    index: { ...indexOption, usage: 'index=<string>...', optional: false },
    type: option('type', oneOf('all', 'field', 'fieldvalue', 'term'), 'all'),
    prefix: option('prefix', text, undefined),
    pattern: option('pattern', text, undefined),
    server: option('splunk_server', text, undefined),
    group: option('splunk_server_group', text, undefined),
  },
  missing: { index: 'You must specify at least one index.' },
  check({ prefix, pattern, group }) {
    if (prefix !== undefined && pattern !== undefined)
      throw refusal('walklex', "You can specify either the 'prefix' or the 'pattern' argument, but not both.")
    if (group !== undefined) throw fail('not-supported-setup', { what: "the option 'splunk_server_group' of walklex" })
  },
  needs: () => NOTHING,
  generate: lexicons,
  examples: ['walklex index=main', 'walklex index=main prefix=foo type=term', 'walklex index=* pattern="host::*" type=fieldvalue'],
})

// DIFFERS: Splunk gives the terms of each bucket by themselves, hot ones left out, whatever part of them the time range reaches.
async function* lexicons(args: Arguments, context: RunContext): AsyncGenerator<Batch> {
  if (!isHere(args.server, context)) return
  for (const index of storeOf(context).indexes(args.index)) {
    const counts = await counted(index, args, context)
    const server = context.host.serverName
    const fields = { count: (e: Entry) => e.count, index: () => index, splunk_server: () => server }
    const named =
      args.type === 'field'
        ? { field: (e: Entry) => e.name, distinct_values: (e: Entry) => e.values!.size }
        : { term: (e: Entry) => e.name }
    yield* rowBatches(counts.sorted(), { ...fields, ...named }, context)
    counts.release()
  }
}

async function counted(index: string, { type, prefix, pattern }: Arguments, context: RunContext): Promise<Counts> {
  const asked = pattern ?? `${prefix ?? ''}*`
  const counts = new Counts(wildcard(asked, true), context)
  const terms = new TermSet(15, true)
  for await (const batch of storeOf(context).events(index, context.range, type === 'term' ? holding(asked) : ALWAYS)) {
    if (type === 'term' || type === 'all') countTerms(batch, terms, counts)
    if (type === 'field') eachField(batch, (name, values) => values.forEach((v, i) => void counts.add(name, i === 0 ? 1 : 0, v)))
    if (type === 'fieldvalue' || type === 'all')
      eachField(batch, (name, values) => values.forEach((v) => void counts.add(`${name}::${v}`, 1)))
  }
  return counts
}

const ALWAYS: Predicate = { id: 0, span: { start: 0, end: 0 }, always: true }
/** Where one term is asked for, other events need not be read. */
const holding = (pattern: string): Predicate => (/[^*]/.test(pattern) ? { id: 0, span: { start: 0, end: 0 }, term: pattern } : ALWAYS)

interface Entry {
  readonly name: string
  count: number
  /** Of a field. */
  readonly values?: Set<string>
}
/** What an entry takes beside its text. */
const ENTRY_BYTES = 120

class Counts {
  private readonly entries = new Map<string, Entry>()
  private held = 0

  constructor(
    private readonly test: Wildcard,
    private readonly context: RunContext,
  ) {}

  /** @param value of a field: one of those that differ */
  add(name: string, count: number, value?: string): void {
    let e = this.entries.get(name)
    if (!e) {
      if (!this.test.test(name)) return
      e = { name, count: 0, ...(value !== undefined && { values: new Set<string>() }) }
      this.entries.set(name, e)
      this.hold(name)
    }
    e.count += count
    if (value === undefined || e.values!.has(value)) return
    e.values!.add(value)
    this.hold(value)
  }
  sorted(): Entry[] {
    return [...this.entries.values()].sort((a, b) => compareTexts(a.name, b.name))
  }
  release(): void {
    this.context.reserve(-this.held)
  }
  private hold(text: string): void {
    const bytes = 2 * text.length + ENTRY_BYTES
    this.held += bytes
    this.context.reserve(bytes)
  }
}

const decoder = new TextDecoder('utf-8', { ignoreBOM: true })

/** Terms of the texts, as each was cut when it was indexed. One that was cut at its greatest length, or that holds a control character, is left out: the index does not tell it from others. */
function countTerms(batch: Batch, terms: TermSet, counts: Counts): void {
  const { data, offsets } = batch.bytes!()!
  const cut = batch.segmentation?.()
  const rows = rowsOf(batch)
  for (let from = 0, to = 0; from < rows.length; from = to) {
    // Events that are counted together must be cut in one way.
    const how = cut?.(rows[from]!)
    for (; to < rows.length && to < from + MAX_ROWS && cut?.(rows[to]!) === how; to++)
      terms.add(data, offsets[rows[to]!]!, offsets[rows[to]! + 1]!, how)
    terms.postings(1, (term, count) => counts.add(decoder.decode(term), count))
    terms.reset()
  }
}

/** What an event has that is not in its index's lexicon. */
const NOT_INDEXED = new Set(['index', 'splunk_server'])

/** Indexed fields of each event: those that all have, the parts of its date, and what came with it. */
function eachField(batch: Batch, take: (name: string, values: readonly string[]) => void): void {
  for (const name of batch.names()) {
    if (name.startsWith('_') || NOT_INDEXED.has(name)) continue
    const column = batch.column(name)
    for (const row of rowsOf(batch)) take(name, [...new Set(textsOf(valueAt(column, row)))])
  }
}
