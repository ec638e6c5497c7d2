import { withColumns } from '../batch/batch'
import { plus, wants } from '../batch/demand'
import { mapValues } from '../operators/map-values'
import { groupColumns } from '../operators/regex-groups'
import { RegexProblem } from '../regex/problem'
import { compileRegex } from '../regex/regex'
import { compileSed } from '../regex/sed'
import type { MapBatch, RunContext } from '../syntax/behaviour'
import { command } from '../syntax/command'
import { patternText } from '../syntax/joined'
import { field, integer, oneOf, option } from '../syntax/shapes'
import { fail } from '../text/problems'
import { textOf } from '../values/value'

interface Arguments {
  readonly field: string
  readonly mode: 'sed' | undefined
  readonly max: number
  readonly offsets: string | undefined
  readonly pattern: string
}

export default command({
  name: 'rex',
  summary: 'Takes fields out of a text with the named groups of a regular expression, or changes it with a sed expression.',
  source: 'Search Reference 9.x, rex',
  kind: 'distributable streaming',
  syntax: {
    field: option('field', field, '_raw'),
    mode: option('mode', oneOf('sed'), undefined),
    max: option('max_match', integer, 1),
    offsets: option('offset_field', field, undefined),
    pattern: patternText,
  },
  missing: { pattern: 'Usage: rex [field=<field>] [max_match=<int>] [offset_field=<field>] [mode=sed] "<regex or sed expression>".' },
  check(args) {
    if (args.mode === 'sed') sedOf(args.pattern)
    else regexOf(args.pattern)
  },
  needs(args, after) {
    if (args.mode === 'sed') return after
    const { names } = regexOf(args.pattern)
    // A row without a match keeps what it had, so the groups stay wanted where they are wanted later.
    return [...names, args.offsets ?? ''].some((n) => wants(after, n)) ? plus(after, args.field) : after
  },
  map: (args, context) => (args.mode === 'sed' ? changed(args, context) : extracted(args, context)),
  examples: ['rex "port (?<port>\\d+)"', 'rex field=user max_match=0 "(?<part>[^.]+)"', 'rex field=card mode=sed "s/(\\d{4}-){3}/XXXX-/g"'],
})

function extracted({ field, pattern, max, offsets }: Arguments, context: RunContext): MapBatch {
  const columns = groupColumns({
    regex: regexOf(pattern),
    field,
    limit: max === 0 ? Number.POSITIVE_INFINITY : max,
    offsetField: offsets,
    dictionary: (name) => context.dictionary(name),
    guard: (risky, job) => context.guard(risky, job),
  })
  return (batch) => withColumns(batch, columns)
}

function changed({ field, pattern }: Arguments, context: RunContext): MapBatch {
  const sed = sedOf(pattern)
  const map = { of: (v: Parameters<typeof textOf>[0]) => (v === null ? null : sed(textOf(v)!)) }
  return (batch) =>
    withColumns(
      batch,
      new Map([[field, (below) => context.guard(sed.risky, () => mapValues(below, below.column(field), map, context.dictionary(field)))]]),
    )
}

function regexOf(pattern: string) {
  const regex = compiling(pattern, compileRegex)
  if (regex.names.length === 0) throw fail('rex-no-group', { regex: pattern })
  return regex
}
const sedOf = (expression: string) => compiling(expression, compileSed)

function compiling<T>(text: string, compile: (text: string) => T): T {
  try {
    return compile(text)
  } catch (e) {
    if (!(e instanceof RegexProblem)) throw e
    throw e.supported
      ? fail('rex-compile', { regex: text, text: e.message })
      : fail('not-supported-setup', { what: `${e.message} in the regex '${text}'` })
  }
}
