import { inferred, jsonText, parseJson } from '../../../../spl/values/json'
import { changedAt, extractJson, jsonAt, PathProblem, readPath } from '../../../../spl/values/json-path'

const again = (text: string) => {
  const j = parseJson(text)
  return j === undefined ? undefined : jsonText(j)
}

test.each([
  ['{"a": 1.50, "b": 1e5, "c": -0.0}', '{"a":1.50,"b":1e5,"c":-0.0}'],
  ['12345678901234567890.10', '12345678901234567890.10'],
  ['{"10":1,"9":2,"a":3}', '{"10":1,"9":2,"a":3}'],
  ['{"a":1,"b":2,"a":3}', '{"a":3,"b":2}'],
  ['{"__proto__":{"x":1}}', '{"__proto__":{"x":1}}'],
  [' [ true , false , null , [] , {} ] ', '[true,false,null,[],{}]'],
  ['"\\u00e9\\n\\/"', '"é\\n/"'],
  ['"\ud835\udcb3"', '"\ud835\udcb3"'],
])('%s keeps numbers, order and the last of a key', (text, out) => expect(again(text)).toBe(out))

test.each([
  '',
  '{',
  '[1,]',
  '{"a"}',
  '{"a":1,}',
  "{'a':1}",
  '01',
  '1.',
  '.5',
  '+1',
  'nul',
  'truex',
  '"a',
  '"\u0001"',
  '"\\x"',
  '[1] 2',
  '{a:1}',
])('%s is no JSON', (text) => expect(parseJson(text)).toBeUndefined())

test('nesting without end is no JSON, and ends no process', () => expect(parseJson('['.repeat(100_000))).toBeUndefined())

test('null is JSON, not the absence of it', () => {
  expect(parseJson('null')).toBeNull()
  expect(inferred('null')).toBeNull()
  expect(inferred('nul')).toBe('nul')
})

describe('paths', () => {
  const j = parseJson('{"a":{"b":[1,{"c":3},{"c":4}]},"x.y":5,"l":[[1],[2,3]]}')!
  test.each([
    ['a.b{0}', '1'],
    ['a.b{1}.c', '3'],
    ['a.b{}.c', '[3,4]'],
    ['a.b{}', '[1,{"c":3},{"c":4}]'],
    ['a.b', '[1,{"c":3},{"c":4}]'],
    ['a{}', '{"b":[1,{"c":3},{"c":4}]}'],
    ['l{}{}', '[1,2,3]'],
    ['x.y', undefined],
    ['a.b{9}', undefined],
    ['a.b.c', undefined],
    ['a.b{0}{}', undefined],
  ])('%s', (path, out) => {
    const found = extractJson(j, readPath(path))
    expect(found === undefined ? undefined : jsonText(found)).toBe(out)
  })

  test('the empty path is the whole', () => expect(jsonAt(j, readPath(''))).toEqual([j]))

  test.each(['a..b', '.a', 'a{', 'a{x}', 'a}b', 'a{1}b', 'a{-1}', 'a{@}'])('%s cannot be read', (path) =>
    expect(() => readPath(path)).toThrow(PathProblem),
  )

  test.each([
    ['a.b{1}.c', '9', '{"a":{"b":[1,{"c":9},{"c":4}]},"x.y":5,"l":[[1],[2,3]]}'],
    ['n.m', '9', '{"a":{"b":[1,{"c":3},{"c":4}]},"x.y":5,"l":[[1],[2,3]],"n":{"m":9}}'],
    ['l{}{0}', '9', '{"a":{"b":[1,{"c":3},{"c":4}]},"x.y":5,"l":[[9],[9,3]]}'],
    ['a.b{0}.c', '9', jsonText(j)],
    ['a.b{7}', '9', jsonText(j)],
  ])('changes the place at %s', (path, value, out) =>
    expect(jsonText(changedAt(j, readPath(path), () => parseJson(value), true))).toBe(out),
  )

  test('what it changes is a new value', () => {
    const before = jsonText(j)
    changedAt(j, readPath('a.b'), () => undefined, false)
    expect(jsonText(j)).toBe(before)
  })
})
