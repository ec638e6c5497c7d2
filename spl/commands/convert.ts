import { type Batch, rowsOf, withColumns } from '../batch/batch'
import { valueAt } from '../batch/column'
import { type Demand, minus, plus, wants } from '../batch/demand'
import { collect } from '../operators/collect'
import { CONVERSIONS } from '../operators/conversions'
import { mapValues, type ValueMap } from '../operators/map-values'
import type { ArgumentReader } from '../syntax/arguments'
import type { MapBatch, RunContext } from '../syntax/behaviour'
import { command } from '../syntax/command'
import { list, option, own, refusal, text } from '../syntax/shapes'
import { nearest } from '../text/problem'
import { fieldWildcard } from '../values/field-pattern'
import { textOf, textsOf, type Value } from '../values/value'
import { fillWildcard, hasWildcard } from '../values/wildcard'

interface Entry {
  readonly how: string
  readonly from: string
  readonly as: string | undefined
}
interface Arguments {
  readonly timeformat: string
  readonly entries: readonly Entry[]
}

const USAGE = 'Usage: convert [timeformat=<string>] (<function>(<wc-field>) [AS <wc-field>])...'

export default command({
  name: 'convert',
  summary: 'Turns the values of fields into numbers, times or durations.',
  source: 'Search Reference 9.x, convert',
  kind: 'distributable streaming',
  syntax: {
    timeformat: option('timeformat', text, '%m/%d/%Y %H:%M:%S'),
    entries: list(own<Entry>('<function>(<wc-field>) [AS <wc-field>]', 'a conversion', readEntry)),
  },
  missing: { entries: USAGE },
  check({ entries }) {
    for (const { from, as } of entries) {
      if (as !== undefined && stars(from) !== stars(as))
        throw refusal('convert', `There is a wildcards mismatch between the field specifier '${from}' and the rename specifier '${as}'.`)
    }
  },
  needs: ({ entries }, after) => entries.reduceRight(before, after),
  forms: ({ entries }) =>
    entries.some((e) => e.how === 'auto') ? { run: automatic } : { map: (args, context) => converter(args, context) },
  examples: [
    'convert ctime(firstTime)',
    'convert timeformat="%H:%M" ctime(*_time) AS *_clock',
    'convert auto(*) none(user)',
    'convert dur2sec(delay)',
  ],
})

const stars = (name: string) => name.split('*').length - 1

/** entry := function "(" [field] ")" ["AS" field] ; without a field it means all */
function readEntry(r: ArgumentReader): Entry {
  const how = r.word()
  r.skipBlanks()
  if (!how || !r.match(/\(/y)) throw r.refuse(USAGE, how?.span)
  if (!Object.hasOwn(CONVERSIONS, how.text.toLowerCase())) {
    const near = nearest(how.text, Object.keys(CONVERSIONS))
    throw r.refuse(`The conversion type '${how.text}' is invalid.${near ? ` Did you mean '${near}'?` : ''}`, how.span)
  }
  const field = r.word()
  r.skipBlanks()
  if (!r.match(/\)/y)) throw r.refuse(USAGE, how.span)
  r.skipBlanks()
  const as = r.takeWord('AS') ? r.word() : undefined
  return { how: how.text.toLowerCase(), from: field?.text ?? '*', as: as?.text }
}

function before(after: Demand, { from, as }: Entry): Demand {
  if (as === undefined) return after
  if (hasWildcard(as)) return plus(after, from)
  return wants(after, as) ? plus(minus(after, as), from) : after
}

/** @param skip  fields that an automatic conversion leaves alone */
function converter({ entries, timeformat }: Arguments, context: RunContext, skip: ReadonlySet<string> = new Set()): MapBatch {
  const conversion = { timeFormat: timeformat, zone: context.zone, now: context.now }
  const maps: readonly ValueMap[] = entries.map(({ how }) => ({
    of: (v: Value) => (v === null ? null : CONVERSIONS[how]!(textOf(v)!, conversion)),
  }))
  return (batch) => {
    const columns = new Map<string, (below: Batch) => ReturnType<typeof mapValues>>()
    for (const { entry, source, target } of sourcesOf(entries, batch)) {
      if (entry.how === 'auto' && skip.has(source)) continue
      columns.set(target, (below) => mapValues(below, below.column(source), maps[entries.indexOf(entry)]!, context.dictionary(target)))
    }
    return withColumns(batch, columns)
  }
}

interface Source {
  readonly entry: Entry
  readonly source: string
  readonly target: string
}

/** The fields of a batch that are converted; those of `none()` are left out of wildcards. */
function sourcesOf(entries: readonly Entry[], batch: Batch): readonly Source[] {
  const names = entries.some((e) => hasWildcard(e.from)) ? batch.names() : []
  const excluded = new Set(entries.filter((e) => e.how === 'none').map((e) => e.from))
  return entries
    .filter((e) => e.how !== 'none')
    .flatMap((entry) => {
      if (!hasWildcard(entry.from)) return [{ entry, source: entry.from, target: entry.as ?? entry.from }]
      const w = fieldWildcard(entry.from)
      return names
        .filter((n) => w.test(n) && !excluded.has(n))
        .map((source) => ({ entry, source, target: entry.as === undefined ? source : fillWildcard(entry.as, w.captures(source)!) }))
    })
}

/** auto() touches a field only where all its values are numbers, which shows at the end. */
async function* automatic(args: Arguments, input: AsyncIterable<Batch>, context: RunContext): AsyncGenerator<Batch> {
  const kept = await collect(input, args.entries.reduceRight(before, context.wanted), context)
  const texts = new Set<string>()
  const conversion = { timeFormat: args.timeformat, zone: context.zone, now: context.now }
  for (const batch of kept) {
    for (const { entry, source } of sourcesOf(args.entries, batch)) {
      if (entry.how !== 'auto' || texts.has(source)) continue
      const c = batch.column(source)
      if (rowsOf(batch).some((r) => textsOf(valueAt(c, r)).some((t) => CONVERSIONS.auto!(t, conversion) === null))) texts.add(source)
    }
  }
  const map = converter(args, context, texts)
  for (const batch of kept) yield map(batch) as Batch
}
