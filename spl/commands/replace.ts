import { withColumns } from '../batch/batch'
import { namesWanted } from '../batch/demand'
import { mapValues } from '../operators/map-values'
import type { ArgumentReader } from '../syntax/arguments'
import { command } from '../syntax/command'
import { clause, fieldPattern, list, own, refusal } from '../syntax/shapes'
import { anyField } from '../values/field-pattern'
import { textOf, type Value } from '../values/value'
import { fillWildcard, hasWildcard, type Wildcard, wildcard } from '../values/wildcard'

interface Pair {
  readonly from: string
  readonly to: string
}

const USAGE = 'Usage: replace [orig_str WITH new_str]+ [IN field1, field2, ...].'
const WORD = /[^\s,"]+/y

export default command({
  name: 'replace',
  summary: 'Replaces whole values of fields; * stands for any text.',
  source: 'Search Reference 9.x, replace; searchbnf.conf, replace',
  kind: 'distributable streaming',
  syntax: {
    pairs: list(own<Pair>('<wc-string> WITH <wc-string>', 'orig_str WITH new_str', readPair)),
    fields: clause('IN', list(fieldPattern)),
  },
  missing: { pairs: USAGE },
  check({ pairs }) {
    for (const { from, to } of pairs) {
      if (`${from} ${to}`.includes('**')) throw refusal('replace', "Wildcards might not have consecutive '*' characters.")
      if (hasWildcard(to) && stars(from) !== stars(to))
        throw refusal('replace', "Wildcards and their replacements must have a matching number of '*' characters.")
    }
  },
  needs: (_args, after) => after,
  map({ pairs, fields }, context) {
    const map = { of: replacer(pairs) }
    const listed = anyField(fields ?? ['*'])
    return (batch) => {
      const names = namesWanted(batch, context.wanted).filter(listed)
      return withColumns(
        batch,
        new Map(
          names.map((name) => [
            name,
            (below) => {
              const c = below.column(name)
              return c && mapValues(below, c, map, context.dictionary(name))
            },
          ]),
        ),
      )
    }
  },
  examples: [
    'replace 127.0.0.1 WITH localhost IN host',
    'replace *localhost WITH *host',
    'replace aug WITH August, sep WITH September IN month',
  ],
})

const stars = (text: string) => text.split('*').length - 1

/** pair := text "WITH" text */
function readPair(r: ArgumentReader): Pair {
  const from = r.word(WORD)
  r.skipBlanks()
  if (!from || !r.takeWord('WITH')) throw r.refuse(USAGE, from?.span)
  const to = r.word(WORD)
  if (!to) throw r.refuse(USAGE, from.span)
  return { from: from.text, to: to.text }
}

/** Of several exact pairs the later wins, of wildcard pairs that with the fuller match; exact ones go first. */
function replacer(pairs: readonly Pair[]): (v: Value) => Value {
  const exact = new Map(pairs.filter((p) => !hasWildcard(p.from)).map((p) => [p.from, p.to]))
  const wild: readonly (readonly [Wildcard, string])[] = pairs
    .filter((p) => hasWildcard(p.from))
    .sort((a, b) => b.from.length - stars(b.from) - (a.from.length - stars(a.from)))
    .map((p) => [wildcard(p.from), p.to])
  return (v) => {
    const text = textOf(v)
    if (text === null) return null
    const known = exact.get(text)
    if (known !== undefined) return known
    const found = wild.find(([w]) => w.test(text))
    return found ? fillWildcard(found[1], found[0].captures(text)!) : v
  }
}
