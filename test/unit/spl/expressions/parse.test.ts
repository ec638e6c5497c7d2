import { type Expression, fieldsOf, operands } from '../../../../spl/expressions/expression'
import { parseExpression } from '../../../../spl/expressions/parse'
import { Reader } from '../../../../spl/text/reader'

function read(text: string): { e: Expression; rest: string } {
  const reader = new Reader(text)
  let id = 0
  return { e: parseExpression({ reader, who: 'where', nextId: () => id++ }), rest: reader.rest() }
}

/** An expression with every operation in brackets. */
function bracketed(e: Expression): string {
  if ('text' in e) return JSON.stringify(e.text)
  if ('number' in e) return String(e.number)
  if ('field' in e) return e.field
  const [a, b] = operands(e).map(bracketed)
  if ('op' in e) return `(${a} ${e.op} ${b})`
  if ('not' in e) return `(NOT ${a})`
  return 'negate' in e ? `(-${a})` : `${e.call}(${operands(e).map(bracketed).join(', ')})`
}

test.each([
  ['a - b - c', '((a - b) - c)'],
  ['a . b + c', '((a . b) + c)'],
  ['-a * b', '((-a) * b)'],
  ['- -a', '(-(-a))'],
  ['a = b + 1 AND NOT c = 2 OR d', '(((a = (b + 1)) AND (NOT (c = 2))) OR d)'],
  ['a OR b XOR c AND d', '((a OR b) XOR (c AND d))'],
  ['!isnull(x) and y==1', '((NOT isnull(x)) AND (y = 1))'],
  ['a != b', '(a != b)'],
  ['a in ("x", 5) OR b', '(in(a, "x", 5) OR b)'],
  ['a LIKE "x%"', '(a LIKE "x%")'],
  ["'user-agent' . user-agent", '((user-agent . user) - agent)'],
  ["'it\\'s'", "it's"],
  ['größe > 1', '(größe > 1)'],
  ['1.5.2', '(1.5 . 2)'],
  ['IF(a,b,c)', 'if(a, b, c)'],
  ['order', 'order'],
  ['notes = android', '(notes = android)'],
])('%s is %s', (text, out) => expect(bracketed(read(text).e)).toBe(out))

test('every node has its place and an id of its own', () => {
  const text = 'if( len(a) > 3 , "x" . b, -1)'
  const { e } = read(text)
  const places: string[] = []
  const ids = new Set<number>()
  const walk = (x: Expression) => {
    places.push(text.slice(x.span.start, x.span.end))
    ids.add(x.id)
    operands(x).forEach(walk)
  }
  walk(e)
  expect(places).toEqual([text, 'len(a) > 3', 'len(a)', 'a', '3', '"x" . b', '"x"', 'b', '-1', '1'])
  expect(ids.size).toBe(places.length)
})

test.each([
  ['a, b=1', ', b=1'],
  ['f(a) BY host', 'BY host'],
  ['(a) ] | head', '] | head'],
])('%s ends before what is not its own', (text, rest) => expect(read(text).rest).toBe(rest))

test('the fields of an expression stand in order, once each', () => expect(fieldsOf(read('b + f(a, c, b) * a').e)).toEqual(['b', 'a', 'c']))
