import { type Batch, rowsOf, withColumns } from '../batch/batch'
import type { Column, MultivalueColumn } from '../batch/column'
import { plus } from '../batch/demand'
import type { TextDictionary } from '../batch/dictionary'
import { pick } from '../batch/gather'
import type { RunContext } from '../syntax/behaviour'
import { command } from '../syntax/command'
import { field, integer, option } from '../syntax/shapes'
import { isInternal } from '../values/field-pattern'

export default command({
  name: 'mvexpand',
  summary: 'Makes one result of each value of a multivalue.',
  source: 'Search Reference 9.x, mvexpand',
  kind: 'distributable streaming',
  syntax: { field, limit: option('limit', integer, 0) },
  needs: ({ field: name }, after) => plus(after, name),
  map({ field: name, limit }, context) {
    const most = limit === 0 ? Number.POSITIVE_INFINITY : limit
    return (batch) => {
      const c = isInternal(name) ? undefined : lists(batch, batch.column(name), context.dictionary(name))
      return c ? expanded(batch, c, { name, most }, context) : batch
    }
  },
  examples: ['mvexpand recipients', 'mvexpand path limit=3'],
})

/** The lists of a column; nothing where no row can have one. */
function lists(batch: Batch, c: Column | undefined, dictionary: TextDictionary): MultivalueColumn | undefined {
  if (c?.kind === 'multivalue') return c
  if (c?.kind !== 'constant' || !Array.isArray(c.value)) return undefined
  const codes = (c.value as readonly string[]).map((t) => dictionary.intern(t))
  const offsets = new Uint32Array(batch.rows + 1)
  for (let i = 1; i <= batch.rows; i++) offsets[i] = i * codes.length
  const all = new Int32Array(batch.rows * codes.length)
  for (let i = 0; i < all.length; i++) all[i] = codes[i % codes.length]!
  return { kind: 'multivalue', offsets, codes: all, dictionary }
}

/** A row without a value stays, as one row. */
function* expanded(
  batch: Batch,
  c: MultivalueColumn,
  { name, most }: { name: string; most: number },
  context: RunContext,
): Generator<Batch> {
  let rows: number[] = []
  let codes: number[] = []
  const flush = () => {
    const picked = pick(batch, Uint32Array.from(rows), context.dictionary)
    const column: Column = { kind: 'dictionary', codes: Int32Array.from(codes), dictionary: c.dictionary }
    rows = []
    codes = []
    return withColumns(picked, new Map([[name, column]]))
  }
  for (const r of rowsOf(batch)) {
    const from = c.offsets[r]!
    const to = Math.min(c.offsets[r + 1]!, from + most)
    if (to === from) push(-1, r)
    for (let k = from; k < to; k++) {
      push(c.codes[k]!, r)
      if (rows.length >= context.batchRows) yield flush()
    }
    if (rows.length >= context.batchRows) yield flush()
  }
  if (rows.length > 0) yield flush()

  function push(code: number, row: number): void {
    rows.push(row)
    codes.push(code)
  }
}
