import { type Demand, minus, only, union } from '../batch/demand'
import { dropFields, keepFields } from '../operators/project'
import { command } from '../syntax/command'
import { fieldPattern, list, maybe, own } from '../syntax/shapes'
import { isInternal } from '../values/field-pattern'
import { hasWildcard } from '../values/wildcard'

export default command({
  name: 'fields',
  summary: 'Keeps or removes fields; internal ones stay unless they are removed by name.',
  source: 'Search Reference 9.x, fields',
  kind: 'distributable streaming',
  syntax: {
    sign: maybe(
      own<'+' | '-'>('+|-', 'a sign', (r) => {
        r.skipBlanks()
        const sign = r.match(/[+-]/y)
        if (sign === undefined) throw r.unexpected()
        return sign as '+' | '-'
      }),
      '+',
    ),
    fields: list(fieldPattern),
  },
  missing: { fields: 'Must specify at least one valid field name (can contain wildcards).' },
  needs: ({ sign, fields }, after) => (sign === '-' ? without(after, fields) : union(only(after, fields), only(after, ['_*']))),
  map: ({ sign, fields }) => (sign === '-' ? dropFields(fields) : keepFields(fields, isInternal)),
  examples: ['fields host, user', 'fields - _raw', 'fields + src_*', 'fields - _*'],
})

/** `*` of a list passes internal fields over, which `*` of a demand does not. */
function without(after: Demand, fields: readonly string[]): Demand {
  const wild = fields.filter((f) => hasWildcard(f) && !isInternal(f))
  const rest = minus(after, ...fields)
  if (wild.length === 0) return rest
  const internal = only(after, ['_*'])
  return union(rest, { ...internal, except: fields.filter(isInternal) })
}
