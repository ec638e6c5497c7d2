import { type Batch, rowsOf, withColumns } from '../batch/batch'
import { numberAt } from '../batch/column'
import { type Demand, minus, plus, wants } from '../batch/demand'
import { collect } from '../operators/collect'
import { discretizer, widthFor } from '../operators/discretize'
import type { ArgumentReader } from '../syntax/arguments'
import type { MapBatch, RunContext } from '../syntax/behaviour'
import { command } from '../syntax/command'
import { clause, decimal, field, integer, maybe, option, own, refusal, text } from '../syntax/shapes'
import { BadTime } from '../values/time/bad-time'
import { resolveTime } from '../values/time/modifiers'
import { autoSpan, BadSpan, nominalSeconds, numericSpan, parseSpan, type Span, type TimeSpan, timeSpan } from '../values/time/span'
import { UTC } from '../values/time/zone'

interface Arguments {
  readonly field: string | undefined
  readonly as: string | undefined
  readonly span: string | undefined
  readonly bins: number | undefined
  readonly minspan: string | undefined
  readonly start: number | undefined
  readonly end: number | undefined
  readonly aligntime: string | undefined
}

const TIME_BINS = 100
const NUMBER_BINS = 10
const MOST_BINS = 50_000

export default command({
  name: 'bin',
  aliases: ['bucket', 'discretize'],
  summary: 'Puts times or numbers into buckets.',
  source: 'Search Reference 9.x, bin',
  kind: 'distributable streaming',
  syntax: {
    field: maybe(own('<field>', 'a field name', readField), undefined),
    as: clause('AS', field),
    span: option('span', text, undefined),
    bins: option('bins', integer, undefined),
    minspan: option('minspan', text, undefined),
    start: option('start', decimal, undefined),
    end: option('end', decimal, undefined),
    aligntime: option('aligntime', text, undefined),
    surplus: maybe(own('', 'nothing', refuseArgument), undefined),
  },
  check(args) {
    if (args.field === undefined && args.span === undefined) throw refusal('bin', 'You must specify a field to discretize.')
    if (args.bins !== undefined && (args.bins < 2 || args.bins > MOST_BINS))
      throw refusal('bin', `The number of bins must be >= 2 and <= ${MOST_BINS}.`)
    for (const s of [args.span, args.minspan]) if (s !== undefined) spanOf(s, fieldOf(args))
    if (args.aligntime !== undefined) checkAlignment(args, args.aligntime)
  },
  needs: (args, after) => before(args, after),
  forms: ({ span }) =>
    span === undefined ? { run: byRange } : { map: (args, context) => bySpan(args, spanOf(span, fieldOf(args)), context) },
  examples: ['bin _time span=5m', 'bin span=1s', 'bin size bins=10 AS range', 'bin _time span=12h aligntime=@d+3h'],
})

// DIFFERS: `span=` without a field means `_time`, where Splunk's reference wants a field: rules in use depend on it.
const fieldOf = (args: Arguments): string => args.field ?? '_time'

function readField(r: ArgumentReader): string {
  return r.optionHere() ? refuseArgument(r) : field.read(r)
}

function refuseArgument(r: ArgumentReader): never {
  r.skipBlanks()
  const start = r.pos
  const argument = r.match(/[^\s,]+/y) ?? ''
  throw r.refuse(`Invalid argument: '${argument}'`, r.from(start))
}

function spanOf(typed: string, name: string): Span {
  try {
    const span = name === '_time' ? timeSpan(typed) : parseSpan(typed)
    if (span) return span
  } catch (e) {
    if (!(e instanceof BadSpan)) throw e
    throw refusal('bin', e.message)
  }
  throw refusal('bin', `The value for option span (${typed}) is invalid.`)
}

function checkAlignment(args: Arguments, aligntime: string): void {
  const isTime = fieldOf(args) === '_time' || (args.span !== undefined && numericSpan(args.span) === undefined)
  if (!isTime) throw refusal('bin', 'The timealign option is only valid for time based discretization.')
  if (/^(earliest|latest)$/i.test(aligntime)) return
  try {
    resolveTime(aligntime, 0, UTC)
  } catch (e) {
    if (!(e instanceof BadTime)) throw e
    throw refusal('bin', "Invalid value for aligntime.  Must be 'earliest', 'latest', or a valid time specifier.")
  }
}

function before(args: Arguments, after: Demand): Demand {
  if (args.as === undefined) return after
  return wants(after, args.as) ? plus(minus(after, args.as), fieldOf(args)) : after
}

/** Epoch seconds that buckets count from; an open end of the search's range is no place to count from. */
function originOf({ aligntime }: Arguments, context: RunContext): number {
  if (aligntime === undefined) return 0
  const end = /^(earliest|latest)$/i.exec(aligntime)?.[0].toLowerCase() as 'earliest' | 'latest' | undefined
  const origin = end ? context.range[end] : resolveTime(aligntime, context.now, context.zone)
  return Number.isFinite(origin) ? origin : 0
}

function bySpan(args: Arguments, span: Span, context: RunContext): MapBatch {
  const name = fieldOf(args)
  const to = args.as ?? name
  const buckets = discretizer(span, name === '_time', context.zone, originOf(args, context))
  return (batch) => withColumns(batch, new Map([[to, (below) => buckets.column(below, name, context.dictionary(to))]]))
}

/** Without a span the width follows from all values, so the rows are kept until the last has been seen. */
async function* byRange(args: Arguments, input: AsyncIterable<Batch>, context: RunContext): AsyncGenerator<Batch> {
  const name = fieldOf(args)
  if (!wants(context.wanted, args.as ?? name)) {
    yield* input
    return
  }
  const kept = await collect(input, plus(context.wanted, name), context)
  let low = args.start ?? Number.POSITIVE_INFINITY
  let high = args.end ?? Number.NEGATIVE_INFINITY
  for (const batch of kept) {
    const c = batch.column(name)
    for (const row of rowsOf(batch)) {
      const x = numberAt(c, row)
      if (x < low) low = x
      if (x > high) high = x
    }
  }
  const map = low <= high ? bySpan(args, spanFor(args, [low, high]), context) : (b: Batch) => b
  for (const batch of kept) yield map(batch) as Batch
}

function spanFor(args: Arguments, [low, high]: readonly [number, number]): Span {
  const least = args.minspan === undefined ? undefined : spanOf(args.minspan, fieldOf(args))
  if (fieldOf(args) === '_time') return autoSpan(low, high, args.bins ?? TIME_BINS, least as TimeSpan | undefined)
  const width = !least || least.kind === 'log' ? 0 : least.kind === 'number' ? least.width : nominalSeconds(least)
  return widthFor([low, high], args.bins ?? NUMBER_BINS, width)
}
