import { readCatalogue } from '../../search/catalogue'
import type { EvalFunction } from '../../spl/expressions/function'
import { evaluate } from '../support/evaluate'

const entries = readCatalogue('functions').map(({ file, definition }) => ({ file, definition: definition as EvalFunction }))

/** `lookup` needs a host, `searchmatch` the reader of search expressions. */
const DOCUMENTED =
  `abs acos acosh asin asinh atan atan2 atanh avg bit_and bit_not bit_or bit_shift_left bit_shift_right bit_xor case ceiling cidrmatch
  coalesce commands cos cosh exact exp false floor hypot if in ipmask isarray isbool isdouble isint ismv isnotnull isnull isnum isobject isstr json
  json_append json_array json_array_to_mv json_delete json_entries json_extend json_extract json_extract_exact json_has_key_exact json_keys json_object
  json_set json_set_exact json_valid len like ln log lower ltrim match max md5 min mv_to_json_array mvappend mvcount mvdedup mvfilter mvfind mvindex
  mvjoin mvmap mvrange mvreverse mvsort mvzip now null nullif pi pow printf random relative_time replace round rtrim sha1 sha256 sha512 sigfig sin sinh
  spath split sqrt strftime strptime substr sum tan tanh time toarray tobool todouble toint tomv tonumber toobject tostring trim true typeof upper
  urldecode validate`.split(/\s+/)

test('every documented function is there', () => {
  const names = new Set(entries.map((e) => e.definition.name))
  expect(DOCUMENTED.filter((name) => !names.has(name))).toEqual([])
})

test('no name or alias stands twice', () => {
  const names = entries.flatMap((e) => [e.definition.name, ...(e.definition.aliases ?? [])])
  expect(names.filter((name, i) => names.indexOf(name) !== i)).toEqual([])
})

describe.each(entries)('$file', ({ file, definition }) => {
  test('is named like its file, and says what it does and where that is written', () => {
    expect(definition.name).toBe(file.replaceAll('-', '_'))
    expect(definition.kind).toBe('function')
    expect(definition.summary).toMatch(/\.$/)
    expect(definition.source).not.toBe('')
    expect(definition.usage).toContain(`${definition.name}(`)
    expect(definition.examples).not.toHaveLength(0)
  })

  test.each(definition.examples)('%s', (expression, result) => {
    expect(expression).toContain('(')
    expect(evaluate(expression)).toEqual(result)
  })
})
