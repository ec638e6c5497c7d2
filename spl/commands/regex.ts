import { type Batch, filterRows } from '../batch/batch'
import { type Column, valueAt } from '../batch/column'
import { plus } from '../batch/demand'
import { RegexProblem } from '../regex/problem'
import { compileRegex, type Regex } from '../regex/regex'
import type { ArgumentReader } from '../syntax/arguments'
import { command } from '../syntax/command'
import { patternText } from '../syntax/joined'
import { own } from '../syntax/shapes'
import { fail } from '../text/problems'
import { quoteEnd, unescapeQuoted } from '../text/reader'
import { textsOf } from '../values/value'

interface Test {
  readonly field: string
  readonly keeps: boolean
  readonly pattern: string
}

const NAME = /[\w.:{}@-]+(?=\s*!?=)/y

export default command({
  name: 'regex',
  summary: 'Keeps the results whose field matches a regular expression, or with != those that do not.',
  source: 'Search Reference 9.x, regex',
  kind: 'distributable streaming',
  syntax: { test: own<Test>('[<field>(=|!=)]"<regex>"', 'a regular expression', readTest) },
  missing: { test: 'Usage: regex <field> (=|!=) <regex>.' },
  check({ test }) {
    compiled(test.pattern)
  },
  needs: ({ test }, after) => plus(after, test.field),
  map({ test }, context) {
    const regex = compiled(test.pattern)
    return (batch) => context.guard(regex.risky, () => matching(batch, test, regex))
  },
  examples: ['regex "(?<!\\d)10\\.\\d+"', 'regex email="^[^@]+@example\\.com$"', 'regex _raw!="(?i)health"'],
})

/** test := [field ("=" | "!=")] pattern */
function readTest(r: ArgumentReader): Test {
  const field = readField(r)
  r.skipBlanks()
  const sign = field === undefined ? undefined : r.match(/!?=/y)
  return { field: field ?? '_raw', keeps: sign !== '!=', pattern: patternText.read(r) }
}

/** A name before the sign; a quoted text is one only where a sign follows it. */
function readField(r: ArgumentReader): string | undefined {
  r.skipBlanks()
  if (r.char !== '"') return r.match(NAME)
  const start = r.pos
  const end = quoteEnd(r.text, start, r.end)
  if (end < 0 || !/^\s*!?=/.test(r.text.slice(end, r.end))) return undefined
  r.pos = end
  return unescapeQuoted(r.text.slice(start + 1, end - 1))
}

function compiled(pattern: string): Regex {
  try {
    return compileRegex(pattern)
  } catch (e) {
    if (!(e instanceof RegexProblem)) throw e
    throw e.supported
      ? fail('regex-invalid', { regex: pattern, text: e.message })
      : fail('not-supported-setup', { what: `${e.message} in the regex '${pattern}'` })
  }
}

/** Rows without the field match nothing, so `!=` keeps them. Any value of a multivalue may match. */
function matching(batch: Batch, { field, keeps }: Test, regex: Regex): Batch | undefined {
  const c = batch.column(field)
  if (c?.kind !== 'dictionary') return filterRows(batch, (row) => matchesAt(c, row, regex) === keeps)
  const memo = c.dictionary.memo(regex, (code) => regex.test(c.dictionary.text(code)))
  const known = memo.values
  return filterRows(batch, (row) => {
    const code = c.codes[row]!
    return (code >= 0 && (known[code] ?? memo.at(code))) === keeps
  })
}

const matchesAt = (c: Column | undefined, row: number, regex: Regex): boolean => textsOf(valueAt(c, row)).some((t) => regex.test(t))
