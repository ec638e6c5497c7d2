import { type Batch, batchOf, rowsOf, withColumns } from '../batch/batch'
import { ColumnBuilder } from '../batch/builder'
import { type Column, constant, numberAt } from '../batch/column'
import { type Demand, ordered, plus, wants } from '../batch/demand'
import { madeOrder } from '../batch/order'
import { fill } from '../operators/map-values'
import type { MapBatch, RunContext } from '../syntax/behaviour'
import { command } from '../syntax/command'
import { boolean, fieldPattern, list, maybe, option, text } from '../syntax/shapes'
import { anyField } from '../values/field-pattern'

interface Arguments {
  readonly row: boolean
  readonly col: boolean
  readonly labelfield: string | undefined
  readonly label: string
  readonly fieldname: string
  readonly fields: readonly string[]
}

export default command({
  name: 'addtotals',
  summary: 'Adds the sum of the numbers of each result, and with col=true a result with the sums of the columns.',
  source: 'Search Reference 9.x, addtotals',
  kind: 'distributable streaming',
  syntax: {
    row: option('row', boolean, true),
    col: option('col', boolean, false),
    labelfield: option('labelfield', text, undefined),
    label: option('label', text, 'Total'),
    fieldname: option('fieldname', text, 'Total'),
    fields: maybe(list(fieldPattern), ['*'] as readonly string[]),
  },
  needs,
  forms: (args) => (args.col ? { run: withSums } : { map: totals }),
  examples: ['addtotals', 'addtotals fieldname=Sum amount* size', 'addtotals row=false col=true labelfield=product label=ALL'],
})

/** The last result holds sums of columns only where these are wanted. */
function needs(args: Arguments, after: Demand): Demand {
  const rowSums = args.row && wants(after, args.fieldname) ? plus(after, ...args.fields) : after
  return args.col ? ordered(rowSums) : rowSums
}

function totals({ row, fieldname, fields }: Arguments, context: Pick<RunContext, 'dictionary'>): MapBatch {
  if (!row) return (batch) => batch
  const listed = anyField(fields)
  const make = (below: Batch): Column => {
    const columns = summed(below, listed).filter(([name]) => name !== fieldname)
    const builder = new ColumnBuilder(context.dictionary(fieldname))
    fill(builder, below, (r) => sum(columns.map(([, c]) => numberAt(c, r))))
    return builder.build()
  }
  return (batch) => withColumns(batch, new Map([[fieldname, make]]))
}

const summed = (batch: Batch, listed: (name: string) => boolean) =>
  batch
    .names()
    .filter(listed)
    .map((name) => [name, batch.column(name)] as const)

/** Texts are passed over. */
const sum = (numbers: readonly number[]): number => numbers.reduce((total, x) => (x === x ? total + x : total), 0)

async function* withSums(args: Arguments, input: AsyncIterable<Batch>, context: RunContext): AsyncGenerator<Batch> {
  const total = totals(args, context)
  const inList = anyField([...args.fields, ...(args.row ? [args.fieldname] : [])])
  const listed = (name: string) => inList(name) && wants(context.wanted, name)
  const sums = new Map<string, number>()
  const names = new Set<string>()
  let rows = 0
  for await (const batch of input) {
    const out = total(batch) as Batch
    for (const name of out.names()) names.add(name)
    addColumns(sums, out, listed)
    rows += rowsOf(out).length
    yield labelled(out, args)
  }
  if (rows > 0) yield sumRow(args, sums, [...names])
}

function addColumns(sums: Map<string, number>, batch: Batch, listed: (name: string) => boolean): void {
  for (const [name, c] of summed(batch, listed)) {
    for (const r of rowsOf(batch)) {
      const x = numberAt(c, r)
      if (x === x) sums.set(name, (sums.get(name) ?? 0) + x)
    }
  }
}

/** A label field that is new stands in all rows, empty but in the last. */
const labelled = (batch: Batch, { labelfield }: Arguments): Batch =>
  labelfield === undefined || batch.names().includes(labelfield) ? batch : withColumns(batch, new Map([[labelfield, constant(null)]]))

function sumRow({ labelfield, label }: Arguments, sums: ReadonlyMap<string, number>, names: readonly string[]): Batch {
  const all = labelfield === undefined || names.includes(labelfield) ? names : [...names, labelfield]
  const cell = (name: string) => (name === labelfield ? label : (sums.get(name) ?? null))
  return batchOf(
    1,
    all.map((name) => [name, constant(cell(name))]),
    madeOrder(Number.MAX_SAFE_INTEGER - 1, 1),
  )
}
