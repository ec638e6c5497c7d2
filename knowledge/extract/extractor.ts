import { type Batch, rowsOf, sortedNames } from '../../spl/batch/batch'
import { ColumnBuilder } from '../../spl/batch/builder'
import { type Column, placesAt, valueAt } from '../../spl/batch/column'
import type { TextDictionary } from '../../spl/batch/dictionary'
import { EXACT } from '../../spl/values/number'
import { textOf } from '../../spl/values/value'
import { copyCells, FieldCells } from './cells'
import type { ExtractionKnowledge, Origin } from './definition'
import { compileExtraction, type Extract, type ExtractionContext } from './layers'
import { extractionReader } from './read'
import { hostsMatter } from './select'

/**
 * Search-time extraction over batches of the store: the batch that comes out has every field of the knowledge, each made when it is
 * first asked for, at the rows that are alive then. Rows of several origins may stand in one batch.
 * @throws SplProblem  what the knowledge asks for and Headstand refuses, when events that it is for are met
 */
export function extractor(knowledge: ExtractionKnowledge, context: ExtractionContext): (batch: Batch) => Batch {
  const read = extractionReader(knowledge)
  const byHost = hostsMatter(knowledge.props)
  // Where they matter, events of one block may be extracted in several ways.
  const used = byHost ? { ...context, columns: undefined } : context
  const compiled = new Map<object, Extract>()
  const extractOf = (origin: Origin): Extract => {
    const extraction = read(origin)
    let found = compiled.get(extraction)
    if (!found) compiled.set(extraction, (found = compileExtraction(extraction, used)))
    return found
  }
  return (batch) => {
    const groups = originGroups(batch, byHost, extractOf)
    if (groups.length === 0) return batch
    if (groups.length === 1) return groups[0]!.extract(batch)
    return new MixedBatch(batch, partsOf(batch, groups), context.dictionary)
  }
}

interface Group {
  readonly extract: Extract
  readonly rows: number[]
}

/** The rows by what is extracted from them. */
function originGroups(batch: Batch, byHost: boolean, extractOf: (o: Origin) => Extract): readonly Group[] {
  const columns = (byHost ? ['sourcetype', 'source', 'host'] : ['sourcetype', 'source']).map((name) => batch.column(name))
  const at = (i: number, row: number) => textOf(valueAt(columns[i], row)) ?? ''
  const originOf = (row: number): Origin => ({ sourcetype: at(0, row), source: at(1, row), host: at(2, row) })
  const rows = rowsOf(batch)
  if (rows.length === 0) return []
  const constants = columns.every((c) => c === undefined || c.kind === 'constant')
  if (constants) return [{ extract: extractOf(originOf(rows[0]!)), rows: [] }]
  const byOrigin = new Map<string, Extract>()
  const groups = new Map<Extract, number[]>()
  for (const row of rows) {
    const origin = originOf(row)
    const key = JSON.stringify(origin)
    let extract = byOrigin.get(key)
    if (!extract) byOrigin.set(key, (extract = extractOf(origin)))
    const list = groups.get(extract)
    if (list) list.push(row)
    else groups.set(extract, [row])
  }
  return [...groups].map(([extract, list]) => ({ extract, rows: list }))
}

interface Parts {
  readonly batches: readonly Batch[]
  /** Which of them a row belongs to. */
  readonly of: Uint16Array
}

function partsOf(batch: Batch, groups: readonly Group[]): Parts {
  const of = new Uint16Array(batch.rows)
  groups.forEach((g, i) => {
    for (const row of g.rows) of[row] = i
  })
  return { batches: groups.map((g) => g.extract(batch.narrow(Uint32Array.from(g.rows)))), of }
}

/** Rows of several origins, each with the fields of its own. */
class MixedBatch implements Batch {
  private readonly made = new Map<string, Column | undefined>()
  constructor(
    private readonly base: Batch,
    private readonly parts: Parts,
    private readonly dictionary: (name: string) => TextDictionary,
    private readonly wider?: MixedBatch,
  ) {}
  get rows() {
    return this.base.rows
  }
  get selection() {
    return this.base.selection
  }
  get order() {
    return this.base.order
  }
  names() {
    return sortedNames(this.parts.batches.flatMap((b) => [...b.names()]))
  }
  bytes() {
    return this.parts.batches.every((b) => b.bytes?.()) ? this.base.bytes?.() : undefined
  }
  segmentation() {
    return this.base.segmentation?.()
  }
  narrow(selection: Uint32Array): Batch {
    const { batches, of } = this.parts
    const narrowed = batches.map((b, i) => b.narrow(selection.filter((row) => of[row] === i)))
    return new MixedBatch(this.base.narrow(selection), { batches: narrowed, of }, this.dictionary, this)
  }
  column(name: string): Column | undefined {
    for (let b: MixedBatch | undefined = this; b; b = b.wider) if (b.made.has(name)) return b.made.get(name)
    const column = this.joined(name)
    this.made.set(name, column)
    return column
  }

  private joined(name: string): Column | undefined {
    const columns = this.parts.batches.map((b) => (rowsOf(b).length === 0 ? undefined : b.column(name)))
    const there = columns.filter((c) => c !== undefined)
    if (there.length === 0) return undefined
    if (columns.every((c) => c === columns[0])) return columns[0]
    if (there.every((c) => c.kind === 'dictionary' || c.kind === 'multivalue')) return this.joinedTexts(name, columns)
    return this.joinedValues(name, columns)
  }
  private joinedTexts(name: string, columns: readonly (Column | undefined)[]): Column | undefined {
    const cells = new FieldCells(this.rows, this.dictionary(name))
    columns.forEach((c, i) => {
      if (c) copyCells(cells, c, rowsOf(this.parts.batches[i]!))
    })
    return cells.column()
  }
  private joinedValues(name: string, columns: readonly (Column | undefined)[]): Column {
    const builder = new ColumnBuilder(this.dictionary(name))
    let next = 0
    for (const row of rowsOf(this)) {
      for (; next < row; next++) builder.push(null)
      const c = columns[this.parts.of[row]!]
      const v = c?.kind === 'number' ? (c.nulls?.[row] ? null : c.numbers[row]!) : valueAt(c, row)
      builder.push(v, c && typeof v === 'number' ? placesAt(c, row) : EXACT)
      next = row + 1
    }
    for (; next < this.rows; next++) builder.push(null)
    return builder.build()
  }
}
