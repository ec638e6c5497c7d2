import { withColumns } from '../batch/batch'
import { ColumnBuilder } from '../batch/builder'
import { valueAt } from '../batch/column'
import { minus, plus, wants } from '../batch/demand'
import { fill } from '../operators/map-values'
import { command } from '../syntax/command'
import { boolean, list, option, own, refusal } from '../syntax/shapes'
import { textOf } from '../values/value'

type Part = { readonly field: string } | { readonly text: string }

const USAGE = 'There are not enough fields. Usage: strcat [allrequired=<bool>] <field or "text">... <dest>.'

export default command({
  name: 'strcat',
  summary: 'Joins fields and texts into one field.',
  source: 'Search Reference 9.x, strcat',
  kind: 'distributable streaming',
  syntax: {
    allrequired: option('allrequired', boolean, false),
    parts: list(
      own<Part>('<field>|"<text>"', 'a field or a quoted text', (r) => {
        const w = r.word()
        if (!w) throw r.unexpected()
        return w.quoted ? { text: w.text } : { field: w.text }
      }),
    ),
  },
  missing: { parts: USAGE },
  check({ parts }) {
    if (parts.length < 2) throw refusal('strcat', USAGE)
  },
  needs({ parts, allrequired }, after) {
    const { to, sources } = halves(parts)
    if (!wants(after, to)) return after
    // Where a source is missing, the field keeps what it had.
    return plus(allrequired ? after : minus(after, to), ...sources.flatMap((p) => ('field' in p ? [p.field] : [])))
  },
  map({ parts, allrequired }, context) {
    const { to, sources } = halves(parts)
    return (batch) =>
      withColumns(
        batch,
        new Map([
          [
            to,
            (below) => {
              const columns = sources.map((p) => ('field' in p ? below.column(p.field) : undefined))
              const old = below.column(to)
              const builder = new ColumnBuilder(context.dictionary(to))
              fill(builder, below, (row) => {
                const texts = sources.map((p, i) => ('text' in p ? p.text : textOf(valueAt(columns[i], row))))
                return allrequired && texts.includes(null) ? valueAt(old, row) : texts.join('')
              })
              return builder.build()
            },
          ],
        ]),
      )
  },
  examples: ['strcat sourceIP "/" destIP comboIP', 'strcat allrequired=true host ":" port address'],
})

function halves(parts: readonly Part[]): { readonly to: string; readonly sources: readonly Part[] } {
  const last = parts.at(-1)!
  return { to: 'field' in last ? last.field : last.text, sources: parts.slice(0, -1) }
}
