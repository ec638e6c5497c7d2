import { type Batch, rowsOf, withColumns } from '../batch/batch'
import { ColumnBuilder } from '../batch/builder'
import { type Column, constant, isNullAt, numberAt, valueAt } from '../batch/column'
import type { Order } from '../batch/order'
import { compileExpression, type Program } from '../expressions/compile'
import type { Frame } from '../expressions/compiled'
import type { Expression } from '../expressions/expression'
import type { Term } from '../syntax/aggregation'
import type { RunContext, StepBatch } from '../syntax/behaviour'
import type { Tally } from '../syntax/statistics'
import { compareTexts } from '../values/compare'
import type { Value } from '../values/value'
import { Groups } from './groups'
import { fill } from './map-values'
import { RowWindow, type Seen, type Sheet, type WindowOptions } from './row-window'
import { type TermSource, termSource } from './term-source'

export interface RunningArguments extends WindowOptions {
  readonly terms: readonly Term[]
  readonly by: readonly string[]
  readonly allnum: boolean
  /** Whether a row is among those that its statistics are of. */
  readonly current: boolean
  readonly resetBefore: Expression | undefined
  readonly resetAfter: Expression | undefined
  readonly resetOnChange: boolean
}

/** Statistics of the rows so far, row by row. */
export function running(args: RunningArguments, context: RunContext): StepBatch {
  const state = new Running(args, context)
  return (batch) => state.step(batch)
}

/** A column that is made: a term, of one of the fields that its wildcard finds. */
interface Made {
  readonly id: number
  readonly name: string
  readonly source: TermSource
  tally: Tally
  /** A wildcard makes no column before a value of its field was there. */
  seen: boolean
}

/** One of them over a batch. */
interface Output {
  readonly made: Made
  readonly column: Column | 'rows' | undefined
  /** By row. */
  readonly values: Map<number, Value>
}

/** A condition on rows of a batch. */
interface Test {
  readonly program: Program
  readonly frame: Frame
}

class Running {
  private readonly sources: readonly TermSource[]
  private readonly plain: ReadonlySet<string>
  private readonly groups: Groups
  private readonly made = new Map<string, Made>()
  private readonly window: RowWindow | undefined
  private readonly before: Program | undefined
  private readonly after: Program | undefined
  private lastGroup = -1
  private passed = 0
  private reserved = 0

  constructor(
    private readonly args: RunningArguments,
    private readonly context: RunContext,
  ) {
    this.sources = args.terms.map((t) => termSource(t, args, context))
    this.plain = new Set(this.sources.flatMap((s) => (s.wild ? [] : [s.term.name])))
    this.groups = new Groups(args.by)
    this.window = args.window > 0 || args.timeWindow !== undefined ? new RowWindow(args) : undefined
    const compiled = (e: Expression | undefined) => e && compileExpression(e, context.functions, context, args.command)
    this.before = compiled(args.resetBefore)
    this.after = compiled(args.resetAfter)
  }

  step(batch: Batch): Batch {
    const outputs = this.outputs(batch)
    const risky = (this.before?.risky || this.after?.risky) ?? false
    this.context.guard(risky, () => this.walk(batch, outputs))
    this.context.check()
    this.count()
    return withColumns(batch, this.columns(batch, outputs))
  }

  /** What the terms make of the batch; columns of a wildcard in byte order. */
  private outputs(batch: Batch): readonly Output[] {
    return this.sources.flatMap((source, term) => {
      const of = source.of(batch)
      const kept = source.wild ? of.filter((s) => !this.plain.has(s.name)).toSorted((a, b) => compareTexts(a.name, b.name)) : of
      return kept.map(({ field, name, column }) => ({
        made: this.madeOf(`${term} ${field}`, name, source),
        column,
        values: new Map<number, Value>(),
      }))
    })
  }
  private madeOf(key: string, name: string, source: TermSource): Made {
    let found = this.made.get(key)
    if (!found) this.made.set(key, (found = { id: this.made.size, name, source, tally: source.open(), seen: !source.wild }))
    return found
  }

  private walk(batch: Batch, outputs: readonly Output[]): void {
    const seen = this.seenRows(batch, this.sheet(batch, outputs))
    const before = this.before && testOn(this.before, batch)
    const after = this.after && testOn(this.after, batch)
    for (const row of rowsOf(batch)) {
      if (before && holds(before, row)) this.clear()
      const s = seen.get(row)
      if (s) this.visit(s, outputs)
      if (after && holds(withOutputs(after, row, outputs), row)) this.clear()
    }
  }

  private sheet(batch: Batch, outputs: readonly Output[]): Sheet {
    const time = batch.column('_time')
    const columns = new Map(outputs.map(({ made, column }) => [made.id, { column, time: made.source.term.timed ? time : undefined }]))
    return { order: this.nextOrder(batch), columns }
  }
  /** The sequence in which rows come is their order here: what is first was seen first. */
  private nextOrder(batch: Batch): Order {
    const serial = new Float64Array(batch.rows)
    for (const row of rowsOf(batch)) serial[row] = Number.MAX_SAFE_INTEGER - this.passed++
    return { time: new Float64Array(batch.rows), serial, index: 0 }
  }

  /** The rows that have all BY fields (and, for a window of time, a time). */
  private seenRows(batch: Batch, sheet: Sheet): ReadonlyMap<number, Seen> {
    const { rows, groups } = this.groups.assign(batch)
    const time = this.args.timeWindow === undefined ? undefined : batch.column('_time')
    const out = new Map<number, Seen>()
    for (let i = 0; i < rows.length; ) {
      const row = rows[i]!
      let to = i + 1
      while (to < rows.length && rows[to] === row) to++
      const at = this.args.timeWindow === undefined ? 0 : numberAt(time, row)
      if (at === at) out.set(row, { sheet, row, groups: groups.subarray(i, to), time: at })
      i = to
    }
    return out
  }

  private visit(s: Seen, outputs: readonly Output[]): void {
    const group = s.groups[0]!
    if (this.args.resetOnChange && this.lastGroup >= 0 && group !== this.lastGroup) this.clear()
    this.lastGroup = group
    if (this.args.current) this.take(s, outputs)
    for (const o of outputs) if (o.made.seen) o.values.set(s.row, this.value(o.made, group))
    if (!this.args.current) this.take(s, outputs)
  }
  private take(s: Seen, outputs: readonly Output[]): void {
    for (const { made, column } of outputs) made.seen ||= column !== 'rows' && !isNullAt(column, s.row)
    if (this.window) {
      this.window.push(s)
      return
    }
    const rows = new Uint32Array(s.groups.length).fill(s.row)
    for (const { made } of outputs) feed(made.tally, s.sheet, made.id, { rows, groups: s.groups, size: this.groups.size })
  }
  /** DIFFERS: what a row gets whose BY field holds several values is not documented: here the statistics of the first one's group. */
  private value(made: Made, group: number): Value {
    if (!this.window) {
      made.tally.reserve(this.groups.size)
      return made.tally.value(group)
    }
    const tally = made.source.open()
    tally.reserve(1)
    for (const { sheet, rows } of this.window.members(group))
      feed(tally, sheet, made.id, { rows, groups: new Int32Array(rows.length), size: 1 })
    return tally.value(0)
  }
  private clear(): void {
    this.window?.clear()
    for (const made of this.made.values()) made.tally = made.source.open()
  }
  private count(): void {
    let bytes = this.groups.bytes
    for (const { tally } of this.made.values()) bytes += tally.bytes
    this.context.reserve(bytes - this.reserved)
    this.reserved = bytes
  }

  /** Rows without a group keep what they have. */
  private columns(batch: Batch, outputs: readonly Output[]): ReadonlyMap<string, Column> {
    const made = new Map<string, Column>()
    for (const { made: of, values } of outputs) {
      if (!of.seen || made.has(of.name)) continue
      const old = batch.column(of.name)
      const builder = new ColumnBuilder(this.context.dictionary(of.name))
      fill(builder, batch, (row) => (values.has(row) ? values.get(row)! : valueAt(old, row)))
      made.set(of.name, builder.build())
    }
    return made
  }
}

interface Fed {
  readonly rows: Uint32Array
  readonly groups: Int32Array
  readonly size: number
}
function feed(tally: Tally, sheet: Sheet, id: number, { rows, groups, size }: Fed): void {
  const of = sheet.columns.get(id)
  if (!of) return
  tally.reserve(size)
  tally.add({ rows, groups, column: of.column, order: () => sheet.order, time: of.time })
}

const testOn = (program: Program, batch: Batch): Test => ({ program, frame: program.frame(batch) })

function holds({ program, frame }: Test, row: number): boolean {
  frame.row = row
  return program.root.truth(frame)
}

/** The test with what has been computed for the row in place of its fields. */
function withOutputs(t: Test, row: number, outputs: readonly Output[]): Test {
  const columns = [...t.frame.columns]
  t.frame.slots.forEach((name, slot) => {
    const o = outputs.find(({ made, values }) => made.name === name && values.has(row))
    if (o) columns[slot] = constant(o.values.get(row)!)
  })
  t.frame.columns = columns
  return t
}
