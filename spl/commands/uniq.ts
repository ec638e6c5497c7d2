import { filterRows } from '../batch/batch'
import { type Column, valueAt } from '../batch/column'
import { EVERYTHING } from '../batch/demand'
import { command } from '../syntax/command'

export default command({
  name: 'uniq',
  summary: 'Drops a result that equals the one before it in every field.',
  source: 'Search Reference 9.x, uniq',
  kind: 'centralized streaming',
  syntax: {},
  needs: () => EVERYTHING,
  step() {
    let previous: string | undefined
    return (batch) => {
      const columns = batch.names().map((name) => [name, batch.column(name)] as const)
      return filterRows(batch, (row) => {
        const key = keyOf(columns, row)
        const isNew = key !== previous
        previous = key
        return isNew
      })
    }
  },
  examples: ['uniq'],
})

/** The fields that have a value, by name: batches may list their names differently. */
function keyOf(columns: readonly (readonly [string, Column | undefined])[], row: number): string {
  const filled: [string, ReturnType<typeof valueAt>][] = []
  for (const [name, c] of columns) {
    const v = valueAt(c, row)
    if (v !== null) filled.push([name, typeof v === 'number' ? String(v) : v])
  }
  return JSON.stringify(filled.sort(([a], [b]) => (a < b ? -1 : 1)))
}
