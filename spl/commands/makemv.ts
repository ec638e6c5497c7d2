import { withColumns } from '../batch/batch'
import { mapValues } from '../operators/map-values'
import { RegexProblem } from '../regex/problem'
import { compileRegex } from '../regex/regex'
import { command } from '../syntax/command'
import { boolean, field, option, refusal, text } from '../syntax/shapes'
import { fail } from '../text/problems'
import { isInternal } from '../values/field-pattern'
import { multivalue, textOf, type Value } from '../values/value'

interface Arguments {
  readonly field: string
  readonly delim: string | undefined
  readonly tokenizer: string | undefined
  readonly allowempty: boolean
}

export default command({
  name: 'makemv',
  summary: 'Cuts the text of a field into a multivalue, at a delimiter or by a regular expression.',
  source: 'Search Reference 9.x, makemv',
  kind: 'distributable streaming',
  syntax: {
    delim: option('delim', text, undefined),
    tokenizer: option('tokenizer', text, undefined),
    allowempty: option('allowempty', boolean, false),
    setsv: option('setsv', boolean, false),
    field,
  },
  check({ delim, tokenizer, setsv }) {
    if (delim !== undefined && tokenizer !== undefined) throw refusal('makemv', 'Cannot specify both delim and tokenizer options.')
    if (delim === '') throw refusal('makemv', 'The delimiter cannot be empty.')
    if (setsv) throw fail('not-supported-setup', { what: "the option 'setsv' of makemv" })
    if (tokenizer !== undefined) tokenizerOf(tokenizer)
  },
  needs: (_args, after) => after,
  map(args, context) {
    const { field: name, tokenizer } = args
    const cut = cutter(args)
    const risky = tokenizer !== undefined && tokenizerOf(tokenizer).risky
    // A value of a multivalue stays as it is: only a single text is cut.
    const map = { of: (v: Value) => (v === null || Array.isArray(v) ? v : cut(textOf(v)!)), lists: true }
    // Internal fields take no multivalues.
    if (isInternal(name)) return (batch) => batch
    const make = (below: Parameters<typeof mapValues>[0]) =>
      context.guard(risky, () => mapValues(below, below.column(name), map, context.dictionary(name)))
    return (batch) => withColumns(batch, new Map([[name, make]]))
  },
  examples: ['makemv recipients', 'makemv delim="," allowempty=true tags', 'makemv tokenizer="([^;]+);?" path'],
})

function cutter({ delim, tokenizer, allowempty }: Arguments): (text: string) => Value {
  const kept = (parts: readonly string[]) => multivalue(allowempty ? parts : parts.filter((p) => p !== ''))
  if (tokenizer === undefined) return (t) => kept(t.split(delim ?? ' '))
  const regex = tokenizerOf(tokenizer)
  return (t) => kept(regex.matches(t).map((m) => m.group(1) ?? '')) ?? t
}

function tokenizerOf(pattern: string) {
  try {
    const regex = compileRegex(pattern)
    if (regex.groups > 0) return regex
  } catch (e) {
    if (!(e instanceof RegexProblem)) throw e
    throw e.supported
      ? refusal('makemv', `The tokenizer '${pattern}' is invalid. Regex: ${e.message}.`)
      : fail('not-supported-setup', { what: `${e.message} in the tokenizer '${pattern}'` })
  }
  throw refusal('makemv', `The tokenizer '${pattern}' is invalid. It needs a group for the value.`)
}
