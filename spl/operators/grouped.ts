import { type Batch, batchOf, rowsOf } from '../batch/batch'
import { type Column, constant } from '../batch/column'
import { matches } from '../batch/demand'
import { hasValue, pick } from '../batch/gather'
import { compileExpression, type Program } from '../expressions/compile'
import { evaluateColumn, filterBy } from '../expressions/evaluate'
import type { Term } from '../syntax/aggregation'
import type { Accumulator, Part, RunContext, State } from '../syntax/behaviour'
import type { Aggregation, Tally } from '../syntax/statistics'
import { compareTexts } from '../values/compare'
import { numberOf } from '../values/number'
import { fillWildcard, hasWildcard, wildcard } from '../values/wildcard'
import { Groups } from './groups'

export interface GroupedArguments {
  readonly terms: readonly Term[]
  readonly by: readonly string[]
  readonly allnum: boolean
  readonly dedup: boolean
  /** Who is told of in messages. */
  readonly command: string
}

/** A term, open: one tally, or one for each field that a wildcard has found. */
interface Slot {
  readonly term: Term
  readonly aggregation: Aggregation
  readonly program: Program | undefined
  readonly tallies: Map<string, Tally>
}

/** Statistics of groups of rows: the accumulator of stats and what is built upon it. */
export class Grouped implements Accumulator {
  readonly groups: Groups
  private readonly slots: readonly Slot[]
  constructor(
    private readonly args: GroupedArguments,
    private readonly context: RunContext,
  ) {
    this.groups = new Groups(args.by, args.dedup)
    this.slots = args.terms.map((term) => ({
      term,
      aggregation: context.aggregations.get(term.function)!,
      program: term.expression && compileExpression(term.expression, context.functions, context, args.command),
      tallies: new Map<string, Tally>(),
    }))
  }
  get bytes(): number {
    return this.groups.bytes + this.slots.reduce((n, s) => n + [...s.tallies.values()].reduce((m, t) => m + t.bytes, 0), 0)
  }

  add(batch: Batch): void {
    const { rows, groups } = this.groups.assign(batch)
    const time = this.slots.some((s) => s.aggregation.takes === 'timed') ? batch.column('_time') : undefined
    for (const s of this.slots) {
      if (s.program) this.addExpression(s, batch, { rows, groups })
      else if (s.term.field === undefined) this.tally(s, '').add({ rows, groups, column: 'rows', order: batch.order, time })
      else for (const field of this.fields(s.term.field, batch)) this.addField(s, field, batch, { rows, groups, time })
      this.context.check()
    }
  }
  private addField(s: Slot, field: string, batch: Batch, x: { readonly rows: Uint32Array; readonly groups: Int32Array; readonly time: Column | undefined }): void {
    const column = batch.column(field)
    // A wildcard makes no column of a field without a value.
    if (column === undefined || (hasWildcard(s.term.field!) && !s.tallies.has(field) && !hasValue(column, x.rows))) return
    this.tally(s, field).add({ rows: x.rows, groups: x.groups, column, order: batch.order, time: x.time })
  }
  private addExpression(s: Slot, batch: Batch, x: { readonly rows: Uint32Array; readonly groups: Int32Array }): void {
    const program = s.program!
    const { order } = batch
    const time = s.aggregation.takes === 'timed' ? batch.column('_time') : undefined
    const column = this.context.guard(program.risky, () =>
      program.type === 'boolean' ? truths(program, batch) : evaluateColumn(program, batch, () => this.context.dictionary(s.term.name)),
    )
    this.tally(s, '').add({ ...x, column, order, time })
  }
  /** The batch's fields that a pattern names: BY fields and internal ones only where they are named. */
  private fields(pattern: string, batch: Batch): readonly string[] {
    if (!hasWildcard(pattern)) return [pattern]
    const { by } = this.args
    return batch.names().filter((n) => matches(pattern, n) && !by.includes(n) && (!n.startsWith('_') || pattern.startsWith('_')))
  }
  private tally(s: Slot, field: string): Tally {
    let t = s.tallies.get(field)
    if (!t) s.tallies.set(field, (t = s.aggregation.open({ number: s.term.number ?? 0, allnum: this.args.allnum })))
    t.reserve(this.groups.size)
    return t
  }

  *encode(): Iterable<State> {
    const { size } = this.groups
    const state: Record<string, Column> = { size: constant(size) }
    this.args.by.forEach((_f, k) => {
      state[`key ${k}`] = this.groups.keyColumn(k)
    })
    this.slots.forEach((s, i) => {
      for (const [field, t] of s.tallies) {
        t.reserve(size)
        for (const [part, c] of Object.entries(t.encode(size))) state[JSON.stringify([i, field, part])] = c
      }
    })
    yield state
  }

  absorb(state: State, part?: Part): void {
    const size = (state.size as { readonly value: number }).value
    const rows = new Uint32Array(size).map((_x, i) => i)
    const keys = this.args.by.map((_f, k) => state[`key ${k}`])
    const { groups } = this.groups.assignColumns(keys, rows)
    const mine = part ? groups.map((g, i) => (this.fallsTo(keys, i, part) ? g : -1)) : groups
    for (const [slot, field, names] of stateTallies(state)) {
      this.tally(this.slots[slot]!, field).absorb((p) => state[names.get(p)!], mine)
    }
  }
  private fallsTo(keys: readonly (Column | undefined)[], group: number, part: Part): boolean {
    let h = 0
    for (const k of keys) {
      const text = k?.kind === 'dictionary' ? k.dictionary.text(k.codes[group]!) : ''
      for (let i = 0; i < text.length; i++) h = (Math.imul(h, 31) + text.charCodeAt(i)) | 0
    }
    return (h >>> 0) % part.of === part.index
  }

  /** The value of each term for a group: what streaming statistics give row by row. */
  values(group: number) {
    return this.slots.flatMap((s) => [...s.tallies].map(([field, t]) => [outputName(s.term, field), t.value(group)] as const))
  }
  /** Columns of the terms over all groups, by name in their order. */
  columns(): (readonly [name: string, column: Column])[] {
    const { size } = this.groups
    return this.slots.flatMap((s) => this.slotColumns(s, size))
  }
  private slotColumns(s: Slot, size: number): (readonly [string, Column])[] {
    const { field } = s.term
    if (field === undefined || !hasWildcard(field)) {
      const t = s.tallies.get(field ?? '')
      t?.reserve(size)
      return [[s.term.name, t ? t.column(size) : constant(s.aggregation.empty)] as const]
    }
    const made = [...s.tallies].map(([f, t]) => {
      t.reserve(size)
      return [outputName(s.term, f), t.column(size)] as const
    })
    return made.filter(([, c]) => hasValue(c, identity(size))).sort(([a], [b]) => compareTexts(a, b))
  }

  *finish(): Iterable<Batch> {
    const { size } = this.groups
    if (this.args.by.length === 0) {
      const row = this.single(size)
      if (row) yield row
      return
    }
    const columns = [...this.args.by.map((f, k) => [f, this.groups.keyColumn(k)] as const), ...this.columns()]
    const whole = batchOf(size, columns)
    const sorted = this.sortedGroups()
    for (let i = 0; i < size; i += this.context.batchRows) yield pick(whole, sorted.subarray(i, i + this.context.batchRows), this.context.dictionary)
  }
  /** Without BY: one row, but none where no statistic has a value. */
  private single(size: number): Batch | undefined {
    const columns = size > 0 ? this.columns() : this.slots.filter((s) => s.aggregation.empty === 0 && !hasWildcard(s.term.field ?? '')).map((s) => [s.term.name, constant(0)] as const)
    return columns.some(([, c]) => hasValue(c, identity(1))) ? batchOf(1, columns) : undefined
  }
  /** By the BY fields, ascending: numbers by value before texts in byte order. */
  private sortedGroups(): Uint32Array {
    const { by } = this.args
    const rank = by.map((_f, k) => ranks(this.groups.keyColumn(k)))
    return identity(this.groups.size)
      .slice()
      .sort((a, b) => {
        for (const r of rank) if (r[a] !== r[b]) return r[a]! - r[b]!
        return a - b
      })
  }
}

const outputName = (t: Term, field: string): string => {
  if (t.field === undefined || !hasWildcard(t.field)) return t.name
  return fillWildcard(t.name, wildcard(t.field).captures(field) ?? [])
}

/** 1 where the condition is true, null elsewhere. */
function truths(p: Program, batch: Batch): Column {
  const nulls = new Uint8Array(batch.rows).fill(1)
  const kept = filterBy(p, batch)
  if (kept) for (const r of rowsOf(kept)) nulls[r] = 0
  return { kind: 'number', numbers: new Float64Array(batch.rows).fill(1), nulls }
}

const identity = (n: number): Uint32Array => new Uint32Array(n).map((_x, i) => i)

/** The rank of each group's key among all. */
function ranks(c: Column): Int32Array {
  const { codes, dictionary } = c as Column & { kind: 'dictionary' }
  const ids = [...new Set(codes)]
  const key = new Map(ids.map((id) => [id, { x: numberOf(dictionary.text(id)), t: dictionary.text(id) }]))
  ids.sort((a, b) => compareKeys(key.get(a)!, key.get(b)!))
  const rankOf = new Map(ids.map((id, r) => [id, r]))
  return codes.map((id) => rankOf.get(id)!)
}
function compareKeys(a: { readonly x: number; readonly t: string }, b: { readonly x: number; readonly t: string }): number {
  const [p, q] = [a.x === a.x, b.x === b.x]
  if (p !== q) return p ? -1 : 1
  return (p ? a.x - b.x : 0) || compareTexts(a.t, b.t)
}

/** The tallies of a state: slot, field, and the state's name of each part. */
function stateTallies(state: State): (readonly [slot: number, field: string, names: ReadonlyMap<string, string>])[] {
  const found = new Map<string, readonly [number, string, Map<string, string>]>()
  for (const key of Object.keys(state)) {
    if (!key.startsWith('[')) continue
    const [slot, field, part] = JSON.parse(key) as [number, string, string]
    const id = JSON.stringify([slot, field])
    let t = found.get(id)
    if (!t) found.set(id, (t = [slot, field, new Map()]))
    t[2].set(part, key)
  }
  return [...found.values()]
}
