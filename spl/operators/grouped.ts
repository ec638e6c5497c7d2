import { alive, type Batch, batchOf } from '../batch/batch'
import { type Column, constant, valueAt } from '../batch/column'
import { hasValue, pick } from '../batch/gather'
import { madeOrder, type Order } from '../batch/order'
import { type Term, wantedTerms } from '../syntax/aggregation'
import type { Accumulator, Part, RunContext, State } from '../syntax/behaviour'
import { problem } from '../text/problems'
import { Groups } from './groups'
import { rowNumbers } from './row-numbers'
import { sliced } from './rows-state'
import { encodedTallies, TermTallies } from './tallies'
import { type TermOptions, termSource } from './term-source'

export interface GroupedArguments extends TermOptions {
  readonly terms: readonly Term[]
  /** A value that stands twice in a multivalue BY field counts once. */
  readonly dedup: boolean
}

/** Groups that a state holds at most: a border stands between the chunks of a large one. */
const CHUNK = 8192

/** Statistics of groups of rows: one row per group comes out, in the order of the BY fields. */
export const grouped = (args: GroupedArguments, context: RunContext): Grouped => new Grouped(args, context)

export class Grouped implements Accumulator {
  readonly groups: Groups
  private readonly terms: readonly TermTallies[]
  private seen = 0
  private truncated = false
  constructor(
    private readonly args: GroupedArguments,
    private readonly context: RunContext,
  ) {
    this.groups = new Groups(args.by, args.dedup)
    this.terms = computedTerms(args, context).map((t) => new TermTallies(termSource(t, args, context)))
    reportDeprecated(args.terms, context)
  }
  get bytes(): number {
    return this.terms.reduce((sum, t) => sum + t.bytes, this.groups.bytes)
  }

  add(batch: Batch): void {
    const { rows, groups } = this.groups.assign(batch)
    let order: Order | undefined
    const grouping = { rows, groups, order: () => (order ??= batch.order ?? this.nextOrder(batch)) }
    for (const t of this.terms) {
      t.add(batch, grouping, this.groups.size)
      this.context.check()
    }
  }
  /** For rows without a place in the order of events: that in which they come. */
  private nextOrder(batch: Batch): Order {
    const order = madeOrder(this.seen, batch.rows)
    this.seen += batch.rows
    return order
  }

  *encode(): Iterable<State> {
    const { size } = this.groups
    for (let from = 0; from < size; from += CHUNK) {
      const to = Math.min(size, from + CHUNK)
      const state: Record<string, Column> = { size: constant(to - from) }
      this.args.by.forEach((_field, k) => {
        state[`key ${k}`] = this.groups.keyColumn(k, from, to)
      })
      this.terms.forEach((t, i) => void t.encode(i, from, to, state))
      yield state
    }
  }
  absorb(state: State, part?: Part): void {
    const keys = this.args.by.map((_field, k) => state[`key ${k}`])
    const groups = this.groups.absorb(keys, valueAt(state.size, 0) as number, part)
    for (const tally of encodedTallies(state)) this.terms[tally.term]!.absorb(tally, groups, this.groups.size)
  }

  /** The columns of the terms over all groups, named and in their order; a name that stands twice is taken by the first. */
  columns(size = this.groups.size): (readonly [name: string, column: Column])[] {
    const plain = new Set(this.terms.flatMap(({ source }) => (source.wild ? [] : [source.term.name])))
    const out = new Map<string, Column>()
    for (const t of this.terms) {
      const made = t.columns(size)
      this.reportTruncated(t)
      for (const [name, c] of made) if (!out.has(name) && !(t.source.wild && plain.has(name))) out.set(name, c)
    }
    return [...out]
  }

  private reportTruncated({ truncatedAt: limit }: TermTallies): void {
    if (limit === undefined || this.truncated) return
    this.truncated = true
    this.context.report(problem('values-truncated', { command: this.args.command, limit }))
  }

  *finish(): Iterable<Batch> {
    const { by } = this.args
    if (by.length === 0) {
      const columns = this.columns(1)
      // One row, but none where no statistic has a value.
      if (columns.some(([, c]) => hasValue(c, rowNumbers(1)))) yield batchOf(1, columns)
      return
    }
    const { size } = this.groups
    const keys = by.map((field, k) => [field, this.groups.keyColumn(k)] as const)
    const sorted = pick(batchOf(size, [...keys, ...this.columns()]), this.groups.inOrder(), this.context.dictionary)
    const columns = sorted.names().map((name) => [name, sorted.column(name)!] as const)
    for (let from = 0; from < size; from += this.context.batchRows) {
      const to = Math.min(size, from + this.context.batchRows)
      yield batchOf(
        to - from,
        columns.map(([name, c]) => [name, sliced(c, from, to)] as const),
      )
    }
  }

  /** The group of each alive row, at the row's place: −1 where a BY field is missing, the first of several. */
  groupsOf(batch: Batch): Int32Array {
    const out = new Int32Array(batch.rows).fill(-1)
    if (alive(batch) === 0) return out
    const { rows, groups } = this.groups.assign(batch)
    for (let i = rows.length - 1; i >= 0; i--) out[rows[i]!] = groups[i]!
    return out
  }
}

/** Terms that are not wanted are not computed; without BY all are, since they decide together whether there is a row. */
function computedTerms({ terms, by }: GroupedArguments, context: RunContext): readonly Term[] {
  return by.length === 0 ? terms : wantedTerms(terms, context.wanted)
}

function reportDeprecated(terms: readonly Term[], context: RunContext): void {
  for (const t of terms) if (t.implied) context.report(problem('stats-deprecated', { function: t.function }))
}
