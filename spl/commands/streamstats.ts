import { type Demand, ordered, plus, union } from '../batch/demand'
import { fieldsOf } from '../expressions/expression'
import { MOST_ROWS } from '../operators/row-window'
import { running } from '../operators/running'
import { aggregations, byFields, checkTerms, neededBy, type Term, wantedTerms } from '../syntax/aggregation'
import type { RunContext, StepBatch } from '../syntax/behaviour'
import { command } from '../syntax/command'
import { resetCondition } from '../syntax/reset-condition'
import { type Args, boolean, clause, integer, option, refusal, text } from '../syntax/shapes'
import { BadSpan, nominalSeconds, timeSpan } from '../values/time/span'

const WHO = 'streamstats'

const syntax = {
  current: option('current', boolean, true),
  window: option('window', integer, 0),
  timeWindow: option('time_window', text, undefined),
  global: option('global', boolean, true),
  allnum: option('allnum', boolean, false),
  resetBefore: option('reset_before', resetCondition('reset_before'), undefined),
  resetAfter: option('reset_after', resetCondition('reset_after'), undefined),
  resetOnChange: option('reset_on_change', boolean, false),
  terms: aggregations(WHO),
  by: clause('BY', byFields(WHO)),
}
type Arguments = Args<typeof syntax>

export default command({
  name: WHO,
  summary: 'Adds to each row statistics of the rows so far.',
  source: 'Search Reference 9.x, streamstats',
  kind: 'centralized streaming',
  syntax,
  missing: { terms: 'You must specify at least one aggregation.' },
  check(args, spans) {
    checkTerms(WHO, args.terms, args.by ?? [], spans.terms)
    if (args.window > MOST_ROWS) throw refusal(WHO, `The streaming window size ${args.window} is invalid (maximum size = ${MOST_ROWS}).`)
    if (args.timeWindow === undefined) return
    secondsOf(args.timeWindow)
    if (!args.current) throw refusal(WHO, 'Cannot set current to false when using a time window.')
    if (!args.global) throw refusal(WHO, 'Cannot set global to false when using a time window.')
  },
  needs: before,
  step: addRunning,
  examples: [
    'streamstats count',
    'streamstats sum(bytes) AS total BY user',
    'streamstats window=5 avg(x) AS mean',
    'streamstats current=f last(ip) AS previous BY mac',
    'streamstats time_window=5m count BY src',
    'streamstats count reset_after="("action==\\"stop\\"")"',
  ],
})

function secondsOf(typed: string): number {
  try {
    const span = timeSpan(typed)
    if (span) return nominalSeconds(span)
  } catch (e) {
    if (!(e instanceof BadSpan)) throw e
  }
  throw refusal(WHO, 'time_window must be a valid time span.')
}

/** A condition may read what any term gives, and a row without a group keeps a field of the name. */
const computed = (args: Arguments, after: Demand): readonly Term[] => (args.resetAfter ? args.terms : wantedTerms(args.terms, after))

function before(args: Arguments, after: Demand): Demand {
  const terms = computed(args, after)
  const conditions = [args.resetBefore, args.resetAfter].flatMap((e) => (e ? fieldsOf(e) : []))
  const times = args.timeWindow === undefined ? [] : ['_time']
  return ordered(plus(union(after, neededBy(terms, args.by ?? [])), ...conditions, ...times))
}

function addRunning(args: Arguments, context: RunContext): StepBatch {
  return running(
    {
      command: WHO,
      terms: computed(args, context.wanted),
      by: args.by ?? [],
      allnum: args.allnum,
      current: args.current,
      window: args.window,
      timeWindow: args.timeWindow === undefined ? undefined : secondsOf(args.timeWindow),
      // Without a window of rows there is nothing that could be of one group only.
      global: args.global || args.window === 0,
      resetBefore: args.resetBefore,
      resetAfter: args.resetAfter,
      resetOnChange: args.resetOnChange,
    },
    context,
  )
}
