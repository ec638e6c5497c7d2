import { loadLanguage } from '../../search/load-language'
import { type Batch, batchOf, rowsOf } from '../../spl/batch/batch'
import { ColumnBuilder } from '../../spl/batch/builder'
import { type Column, constant, valueAt } from '../../spl/batch/column'
import { type Demand, EVERYTHING } from '../../spl/batch/demand'
import { TextDictionary } from '../../spl/batch/dictionary'
import { madeOrder, type Order } from '../../spl/batch/order'
import { readPipeline } from '../../spl/parse/pipeline'
import { contexts, type Environment } from '../../spl/run/environment'
import type { Accumulator, RunContext } from '../../spl/syntax/behaviour'
import type { BoundStage } from '../../spl/syntax/command'
import { type Problem, SplProblem } from '../../spl/text/problem'
import { UTC } from '../../spl/values/time/zone'
import type { Value } from '../../spl/values/value'

/** Commands taken out of the pipeline that they run in, over rows made by hand. */
export type Row = Readonly<Record<string, Value>>

const language = loadLanguage()

const known = new Map<string, BoundStage>()

/** The stage of a command's text. @throws SplProblem */
export function stage(text: string): BoundStage {
  let found = known.get(text)
  if (!found) known.set(text, (found = read(text)))
  return found
}

function read(text: string): BoundStage {
  const pipeline = readPipeline(`| makeresults | ${text}`, language, new Set())
  if (pipeline.problems.length > 0) throw new SplProblem(pipeline.problems[0]!)
  return language.bind(pipeline.stages[1]!)
}

export interface ContextOptions {
  readonly batchRows?: number
  readonly wanted?: Demand
  readonly report?: (p: Problem) => void
}

export function contextOf(s: BoundStage, o: ContextOptions = {}): RunContext {
  const env: Environment = {
    language,
    now: 1_700_000_000,
    zone: UTC,
    seed: 1,
    range: { earliest: Number.NEGATIVE_INFINITY, latest: Number.POSITIVE_INFINITY },
    batchRows: o.batchRows ?? 1024,
    regexMilliseconds: 1000,
    memoryBytes: 1e9,
    host: { serverName: 'headstand' },
    check: () => undefined,
    border: () => undefined,
    report: o.report ?? (() => undefined),
  }
  return contexts(env).of({ ...s.stage, wanted: o.wanted ?? EVERYTHING })
}

/** An instance of an accumulating command. */
export function accumulator(s: BoundStage, o?: ContextOptions): Accumulator {
  if (s.behaviour.form !== 'accumulate') throw new Error(`'${s.stage.command}' does not accumulate`)
  return s.behaviour.open(contextOf(s, o))
}

/** How a field lies in a batch. */
export type Layout = 'built' | 'dictionary' | 'lists'

/** A batch of rows, each field in the layout asked for where its values can lie so. */
export function batch(rows: readonly Row[], order: Order, layout: Layout = 'built'): Batch {
  const names = [...new Set(rows.flatMap((r) => Object.keys(r)))].sort()
  return batchOf(
    rows.length,
    names.map(
      (n) =>
        [
          n,
          columnOf(
            rows.map((r) => r[n] ?? null),
            layout,
          ),
        ] as const,
    ),
    order,
  )
}

function columnOf(values: readonly Value[], layout: Layout): Column {
  if (values.length > 0 && values.every((v) => JSON.stringify(v) === JSON.stringify(values[0]))) return constant(values[0]!)
  const builder = new ColumnBuilder(new TextDictionary())
  const asText = layout !== 'built'
  for (const v of values) builder.push(asText && typeof v === 'number' ? String(v) : v)
  const c = builder.build()
  if (layout !== 'lists' || c.kind !== 'dictionary') return c
  const offsets = new Uint32Array(values.length + 1)
  c.codes.forEach((code, i) => {
    offsets[i + 1] = offsets[i]! + (code < 0 ? 0 : 1)
  })
  return { kind: 'multivalue', offsets, codes: c.codes.filter((code) => code >= 0), dictionary: c.dictionary }
}

/** The rows that come out, with the names of the columns in their order. */
export function rowsOut(batches: Iterable<Batch>): { readonly names: readonly string[]; readonly rows: readonly Row[] } {
  const all = [...batches]
  return { names: [...new Set(all.flatMap((b) => b.names()))], rows: all.flatMap((b) => [...rowsOf(b)].map((r) => rowAt(b, r))) }
}

function rowAt(b: Batch, row: number): Row {
  const out: Record<string, Value> = {}
  for (const n of b.names()) {
    const v = valueAt(b.column(n), row)
    if (v !== null) out[n] = typeof v === 'number' ? String(v) : v
  }
  return out
}

/** Keys of rows in the order of events, in the sequence given. */
export const inSequence = (rows: number, first = 0): Order => madeOrder(first, rows)
