import { Grouped } from '../operators/grouped'
import { fieldsOf } from '../expressions/expression'
import { aggregations, type Term } from '../syntax/aggregation'
import { command } from '../syntax/command'
import { boolean, clause, field, list, option, text } from '../syntax/shapes'

/** `_time` for those that go by it; which these are is not known here, and it costs nothing. */
const fieldsOfTerms = (terms: readonly Term[]) => ['_time', ...terms.flatMap((t) => (t.expression ? fieldsOf(t.expression) : t.field === undefined ? [] : [t.field]))]

export default command({
  name: 'stats',
  summary: 'Makes one row per group out of all rows, with statistics of the group.',
  source: 'Search Reference, stats',
  kind: 'transforming',
  syntax: {
    // How Splunk spreads its work: any number gives the same rows.
    partitions: option('partitions', text, '0'),
    allnum: option('allnum', boolean, false),
    // Only for display, of lists that are shown as one text.
    delim: option('delim', text, ' '),
    terms: aggregations('stats'),
    by: clause('BY', list(field)),
    dedup: option('dedup_splitvals', boolean, false),
  },
  // Statistics that go by the order of events carry it themselves.
  needs: ({ terms, by }) => ({ fields: [...new Set([...(by ?? []), ...fieldsOfTerms(terms)])], except: [], ordered: false }),
  accumulate: ({ terms, by, allnum, dedup }, context) => new Grouped({ terms, by: by ?? [], allnum, dedup, command: 'stats' }, context),
  examples: ['stats count', 'stats count AS n avg(bytes) BY host', 'stats values(*) AS * BY _time, host', 'stats count(eval(status>=500)) AS errors BY host'],
})
