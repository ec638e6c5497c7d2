import fc from 'fast-check'
import { batchOf } from '../../spl/batch/batch'
import { ColumnBuilder } from '../../spl/batch/builder'
import { type Column, valueAt } from '../../spl/batch/column'
import { TextDictionary } from '../../spl/batch/dictionary'
import { evaluateColumn } from '../../spl/expressions/evaluate'
import { compareValues } from '../../spl/expressions/operators'
import { SplProblem } from '../../spl/text/problem'
import { jsonText, parseJson } from '../../spl/values/json'
import { textOf, type Value } from '../../spl/values/value'
import { evaluate, functions, LAYOUTS, program } from '../support/evaluate'

const texts = fc.constantFrom('', '5', '10', '-3', '1.50', '0.2', 'x', 'X', 'ab c', 'NaN', '1e3', '{"a":[1,2]}', '[1,"x"]', '10.0.0.1', 'é')
const values: fc.Arbitrary<Value> = fc.oneof(texts, fc.constant(null), fc.array(texts, { minLength: 2, maxLength: 3 }))
const rows = fc.array(fc.record({ a: values, b: values }), { minLength: 1, maxLength: 6 })

const literal = fc.constantFrom('"x"', '"5"', '5', '1.50', '0.20', '3', 'a', 'b', 'null()', 'nosuch')
/** Nearly every operator and function, over few fields; many are refused by their types, and then for every row alike. */
const { expression } = fc.letrec<{ expression: string }>((tie) => ({
  expression: fc.oneof(
    { maxDepth: 3, depthSize: 'small' },
    literal,
    fc.tuple(tie('expression'), fc.constantFrom('+', '-', '*', '/', '%', '.'), tie('expression')).map(([l, op, r]) => `(${l} ${op} ${r})`),
    fc
      .tuple(tie('expression'), fc.constantFrom('=', '!=', '<', '>=', 'LIKE'), tie('expression'))
      .map(([l, op, r]) => `if(${l} ${op} ${r},1,"n")`),
    fc.tuple(tie('expression'), tie('expression')).map(([l, r]) => `if(isnull(${l}) OR NOT ${l}="x" AND isnum(${r}),${l},${r})`),
    fc
      .tuple(
        fc.constantFrom(
          'len',
          'upper',
          'tonumber',
          'tostring',
          'round',
          'mvcount',
          'mvsort',
          'typeof',
          'abs',
          'json',
          'json_array',
          'coalesce',
          'max',
          'trim',
        ),
        tie('expression'),
      )
      .map(([f, x]) => `${f}(${x})`),
    fc
      .tuple(
        fc.constantFrom('mvappend', 'min', 'coalesce', 'split', 'mvindex', 'round', 'json_object', 'mvzip', 'nullif', 'replace', 'match'),
        tie('expression'),
        tie('expression'),
      )
      .map(([f, x, y]) =>
        f === 'match' ? `if(match(${x},${y}),"m","n")` : f === 'replace' ? `replace(${x},${y},"r")` : `${f}(${x},${y})`,
      ),
    tie('expression').map((x) => `mvmap(a,${x})`),
  ),
}))

const attempt = <T>(job: () => T): T | string => {
  try {
    return job()
  } catch (e) {
    if (e instanceof SplProblem) return e.problem.message
    throw e
  }
}

test('what a field lies in, and what other rows hold, does not change a result', () => {
  fc.assert(
    fc.property(expression, rows, (text, given) => {
      const one = given.map((fields) => LAYOUTS.map((layout) => JSON.stringify(attempt(() => evaluate(text, fields, layout)))))
      for (const layouts of one) expect(new Set(layouts).size).toBe(1)
      if (given.some((_g, i) => one[i]![0] === undefined)) return
      const column = (name: 'a' | 'b'): Column => {
        const builder = new ColumnBuilder()
        for (const fields of given) builder.push(fields[name])
        return builder.build()
      }
      const together = attempt(() =>
        evaluateColumn(
          program(text),
          batchOf(given.length, [
            ['a', column('a')],
            ['b', column('b')],
          ]),
          () => new TextDictionary(),
        ),
      )
      if (typeof together === 'string') expect(one.map(([x]) => x)).toContain(JSON.stringify(together))
      else for (const [i, fields] of given.entries()) expect(textOf(valueAt(together, i))).toBe(printed(evaluate(text, fields)))
    }),
    { numRuns: 200 },
  )
})
const printed = (v: string | null | readonly string[]) => (v === null ? null : typeof v === 'string' ? v : v.join('\n'))

test('exactly one of <, =, > holds of two single values', () => {
  fc.assert(
    fc.property(texts, texts, fc.boolean(), (a, b, asText) => {
      const holds = (['<', '=', '>'] as const).filter((op) => compareValues(op, a, b, asText))
      expect(holds).toHaveLength(1)
      expect(compareValues('<', a, b, asText)).toBe(compareValues('>', b, a, asText))
      expect(compareValues('!=', a, b, asText)).toBe(!compareValues('=', a, b, asText))
    }),
  )
})

test('JSON that JavaScript writes is read and written as it is', () => {
  fc.assert(fc.property(fc.jsonValue(), (value) => expect(jsonText(parseJson(JSON.stringify(value))!)).toBe(JSON.stringify(value))))
})
test('a text is JSON for us where it is for JavaScript', () => {
  const pieces = fc.constantFrom('{', '}', '[', ']', '"', ',', ':', 'null', 'true', '1', '-', '.', 'e', '0', ' ', '\\', 'a', '\n')
  fc.assert(
    fc.property(fc.array(pieces, { maxLength: 8 }), (parts) => {
      const text = parts.join('')
      let isJson = true
      try {
        JSON.parse(text)
      } catch {
        isJson = false
      }
      expect(parseJson(text) !== undefined).toBe(isJson)
    }),
    { numRuns: 1000 },
  )
})

test('the catalogue knows its functions by lower-case names', () => {
  for (const name of functions.keys()) expect(name).toBe(name.toLowerCase())
})
