import { alive, type Batch, rowsOf, sortedNames } from '../../spl/batch/batch'
import { type Column, constant, isNullAt } from '../../spl/batch/column'
import type { TextDictionary } from '../../spl/batch/dictionary'
import { hasValue } from '../../spl/batch/gather'
import { compileExpression, type Program } from '../../spl/expressions/compile'
import type { EvaluationContext } from '../../spl/expressions/compiled'
import { evaluateColumn } from '../../spl/expressions/evaluate'
import type { Functions } from '../../spl/expressions/types'
import { type Problem, SplProblem } from '../../spl/text/problem'
import { passedOver, readCalculated } from './calculated'
import { copyCells, FieldCells } from './cells'
import type { Alias, Extraction, Step } from './definition'
import { frameProducer } from './frame-producers'
import { Layer } from './layer'
import type { Input, Producer } from './producer'
import { RawRows } from './raw-rows'
import { type Guard, textProducer } from './text-producers'
import { valueProducer } from './value-producer'

/** What extraction needs of a search. A stage's RunContext fits. */
export interface ExtractionContext extends EvaluationContext {
  readonly functions: Functions
  readonly guard: Guard
  dictionary(name: string): TextDictionary
  report(p: Problem): void
  /** Columns made from the same events before, where somebody keeps them. */
  readonly columns?: KeptColumns | undefined
}
/** Of batches that name the stored rows that they are. */
export interface KeptColumns {
  /** Undefined: not kept; null: the rows have no such field. */
  get(root: Batch, name: string): Column | null | undefined
  /** @param column of all rows of the root */
  put(root: Batch, name: string, column: Column | undefined): void
}

/** An extraction, ready to be put over batches whose events are all of its origin. */
export type Extract = (batch: Batch) => Batch

/**
 * Makes an extraction ready to run, once per search and task.
 * @param plain  reads every text as a text: for tests, which compare the two ways
 * @throws SplProblem `not-supported-setup` for what is refused and may give any field
 */
export function compileExtraction(extraction: Extraction, context: ExtractionContext, plain = false): Extract {
  for (const p of extraction.problems) context.report(p)
  const anyField = extraction.refused.find((r) => r.fields.length === 0)
  if (anyField) throw new SplProblem(anyField.problem)
  const layers = [
    extractedLayer(extraction.steps, context, plain),
    aliasLayer(extraction.aliases, context),
    calculatedLayer(extraction, context),
    refusedLayer(extraction, context),
    renamedLayer(extraction.renamed),
  ]
  return (batch) => layers.reduce((b, layer) => layer?.(b) ?? b, batch)
}

interface Producers {
  readonly all: readonly Producer[]
  /** Names that they may give; `open`: any. */
  readonly fixed: ReadonlySet<string>
  readonly open: boolean
}
function producersOf(steps: readonly Step[], context: ExtractionContext, plain: boolean): Producers {
  const all = steps.map((s, at) => {
    const frame = s.kind === 'regex' && !plain ? frameProducer(s) : undefined
    if (frame) return frame
    const whole = textProducer(s, at, context.guard)
    return !plain && (s.kind === 'json' || s.kind === 'auto') ? valueProducer(whole) : whole
  })
  return { all, fixed: new Set(all.flatMap((p) => [...(p.names ?? [])])), open: all.some((p) => !p.names) }
}

function extractedLayer(steps: readonly Step[], context: ExtractionContext, plain: boolean): Extract {
  let made: Producers | undefined
  // Made when a field is first asked for: a search that counts asks for none.
  const producers = () => (made ??= producersOf(steps, context, plain))
  return (root) => {
    const kept = new Map<object, unknown>()
    let raw: RawRows | undefined
    const inputOf = (below: Batch): Input => ({
      get raw() {
        return (raw ??= new RawRows(root))
      },
      field: (name, before) => fieldOf(below, name, before),
      kept<T>(producer: object, make: () => T): T {
        if (!kept.has(producer)) kept.set(producer, make())
        return kept.get(producer) as T
      },
    })
    const fieldOf = (below: Batch, name: string, count: number) =>
      runSteps(producers().all.slice(0, count), name, { below, input: inputOf(below), dictionary: context.dictionary })
    return new Layer(root, {
      has: (name) => producers().open || producers().fixed.has(name),
      make: (name, below) => keptOr(context.columns, below, name, (b) => fieldOf(b, name, producers().all.length)),
      names(below) {
        const input = inputOf(below)
        return sortedNames([...below.names(), ...producers().all.flatMap((p) => [...p.found(input, rowsOf(below))])])
      },
    })
  }
}

/** From this share of the rows on a field is made for all of them, to be kept: it is looked for through the whole block anyway. */
const WORTH_KEEPING = 1 / 4

function keptOr(columns: KeptColumns | undefined, below: Batch, name: string, make: (b: Batch) => Column | undefined): Column | undefined {
  const stored = columns && below.stored
  // What the store has of an event is not made from its text, or not alone.
  if (!stored || below.column(name)) return make(below)
  const kept = columns.get(below, name)
  if (kept !== undefined) return kept ?? undefined
  if (stored.part === undefined || alive(below) < below.rows * WORTH_KEEPING) return make(below)
  const column = make(stored.whole())
  columns.put(below, name, column)
  return column
}

interface Run {
  readonly below: Batch
  readonly input: Input
  dictionary(name: string): TextDictionary
}

/** One field through the steps: a step fills the rows that have no value yet, or adds to all. */
function runSteps(producers: readonly Producer[], name: string, { below, input, dictionary }: Run): Column | undefined {
  const rows = rowsOf(below)
  const indexed = below.column(name)
  if (indexed && noneEmpty(indexed, rows)) return indexed
  const giving = producers.filter((p) => !p.names || p.names.has(name))
  if (giving.length === 0) return indexed
  const cells = new FieldCells(below.rows, dictionary(name))
  if (indexed) copyCells(cells, indexed, rows)
  for (const p of giving) {
    const open = p.step.adds ? rows : cells.empty(rows)
    if (open.length > 0) p.fill(input, name, cells, open)
  }
  return cells.column()
}

function noneEmpty(c: Column, rows: Uint32Array): boolean {
  if (c.kind === 'constant') return c.value !== null
  if (c.kind !== 'dictionary') return rows.every((r) => !isNullAt(c, r))
  for (let i = 0; i < rows.length; i++) if (c.codes[rows[i]!]! < 0) return false
  return true
}

function aliasLayer(aliases: readonly Alias[], context: ExtractionContext): Extract | undefined {
  if (aliases.length === 0) return undefined
  const byTarget = new Map<string, Alias[]>()
  for (const a of aliases) byTarget.set(a.to, [...(byTarget.get(a.to) ?? []), a])
  return (root) =>
    new Layer(root, {
      has: (name) => byTarget.has(name),
      make: (name, below) => aliased(name, byTarget.get(name)!, below, context),
      names: (below) => sortedNames([...below.names(), ...byTarget.keys()]),
    })
}

/** `AS` puts its field in the place of what is there, and nothing where it is absent; `ASNEW` fills what is empty. */
function aliased(name: string, aliases: readonly Alias[], below: Batch, context: ExtractionContext): Column | undefined {
  const last = aliases.findLastIndex((a) => !a.keeps)
  let column = below.column(last < 0 ? name : aliases[last]!.from)
  for (const a of aliases.slice(last + 1)) column = filledUp(column, a.from, below, () => context.dictionary(name))
  return column
}

function filledUp(first: Column | undefined, from: string, below: Batch, dictionary: () => TextDictionary): Column | undefined {
  if (!first) return below.column(from)
  const rows = rowsOf(below)
  const open = rows.filter((r) => isNullAt(first, r))
  const second = open.length === 0 ? undefined : below.narrow(open).column(from)
  if (!second) return first
  const cells = new FieldCells(below.rows, dictionary())
  copyCells(cells, first, rows)
  copyCells(cells, second, open)
  return cells.column()
}

/** All see the fields as they were before the first of them; a result without a value takes the field away. */
function calculatedLayer(extraction: Extraction, context: ExtractionContext): Extract | undefined {
  const calculated = new Map(readCalculated(extraction, context.report).map((c) => [c.field, c.value]))
  if (calculated.size === 0) return undefined
  const programs = new Map<string, Program | undefined>()
  // Compiled when first asked for: most searches ask for few of them.
  const programOf = (field: string): Program | undefined => {
    if (!calculated.has(field)) return undefined
    if (!programs.has(field)) programs.set(field, compiled(field))
    return programs.get(field)
  }
  const compiled = (field: string): Program | undefined => {
    try {
      return compileExpression(calculated.get(field)!, context.functions, context)
    } catch (e) {
      context.report(passedOver(extraction.calculated.find((c) => c.field === field)!.stanza, field, e))
      return undefined
    }
  }
  const make = (name: string, below: Batch) => {
    const p = programOf(name)!
    const column = context.guard(p.risky, () => evaluateColumn(p, below, () => context.dictionary(name)))
    return hasValue(column, rowsOf(below)) ? column : undefined
  }
  return (root) =>
    new Layer(root, {
      has: (name) => programOf(name) !== undefined,
      make,
      names: (below) => sortedNames([...below.names(), ...[...calculated.keys()].filter(programOf)]),
    })
}

function refusedLayer({ refused }: Extraction, context: ExtractionContext): Extract | undefined {
  const problems = new Map(refused.flatMap((r) => r.fields.map((f) => [f, r.problem] as const)))
  if (problems.size === 0) return undefined
  let said = false
  return (root) =>
    new Layer(root, {
      has: (name) => problems.has(name),
      make(name) {
        throw new SplProblem(problems.get(name)!)
      },
      names(below) {
        // A wildcard asks for whatever there is: what is refused is not among it, and that is said once.
        if (!said) for (const r of refused) context.report({ ...r.problem, severity: 'warn' })
        said = true
        return below.names().filter((n) => !problems.has(n))
      },
    })
}

function renamedLayer(renamed: string | undefined): Extract | undefined {
  if (renamed === undefined) return undefined
  return (root) =>
    new Layer(root, {
      has: (name) => name === 'sourcetype' || name === '_sourcetype',
      make: (name, below) => (name === 'sourcetype' ? constant(renamed) : below.column('sourcetype')),
      names: (below) => sortedNames([...below.names(), '_sourcetype']),
    })
}
