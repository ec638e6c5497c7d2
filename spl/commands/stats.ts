import { grouped } from '../operators/grouped'
import { aggregations, byFields, checkTerms, neededBy, wantedTerms } from '../syntax/aggregation'
import { command } from '../syntax/command'
import { boolean, clause, integer, option, text } from '../syntax/shapes'
import { notSupported } from '../text/problems'

const WHO = 'stats'

export default command({
  name: WHO,
  summary: 'Makes one row per group out of all rows, with statistics of the group.',
  source: 'Search Reference 9.x, stats',
  kind: 'transforming',
  syntax: {
    // How Splunk spreads its work: any number gives the same rows.
    partitions: option('partitions', integer, 0),
    allnum: option('allnum', boolean, false),
    delim: option('delim', text, ' '),
    terms: aggregations(WHO),
    by: clause('BY', byFields(WHO)),
    dedup: option('dedup_splitvals', boolean, false),
  },
  missing: { terms: 'You must specify at least one aggregation.' },
  check({ terms, by, delim }, spans) {
    checkTerms(WHO, terms, by ?? [], spans.terms)
    if (delim !== ' ') throw notSupported("the option 'delim' of 'stats'")
  },
  // Statistics that go by the order of events carry it themselves.
  needs: ({ terms, by }, after) => neededBy(by ? wantedTerms(terms, after) : terms, by ?? []),
  accumulate: ({ terms, by, allnum, dedup }, context) => grouped({ terms, by: by ?? [], allnum, dedup, command: WHO }, context),
  examples: [
    'stats count',
    'stats count AS n avg(bytes) BY host',
    'stats values(*) AS * BY _time, host',
    'stats count(eval(status>=500)) AS errors BY host',
  ],
})
