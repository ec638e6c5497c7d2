import { RegexProblem } from '../../../../spl/regex/problem'
import { compileSed } from '../../../../spl/regex/sed'

test.each([
  ['s/a/b/', 'aaa', 'baa'],
  ['s/a/b/g', 'aaa', 'bbb'],
  ['s/a/b/2', 'aaa', 'aba'],
  ['s/(\\d{4}-){3}/XXXX-XXXX-XXXX-/g', '1234-5678-9012-3456', 'XXXX-XXXX-XXXX-3456'],
  ["s/'(.+)'/\\1/", "x'y'z", 'xyz'],
  ['s/([\\n\\r]+)|(\\s\\s+)//g', 'a\r\nb  c d', 'abc d'],
  ['s/\\:\\d{1,5}//g', '10.1.2.3:443', '10.1.2.3'],
  ['s/\\<\\/Command\\>//g', 'x</Command>', 'x'],
  ['s/(?i)A/<\\0>/g', 'aA', '<a><A>'],
  ['s|/|\\||g', 'a/b', 'a|b'],
  ['s#a/b#c/d#', 'a/b', 'c/d'],
  ['s/,/\\n/g', 'a,b', 'a\nb'],
  ['s/\\//-/g', 'a/b', 'a-b'],
  ['s/\\x22//g', '"a"', 'a'],
  ['y/abc/xyz/', 'aabbcd', 'xxyyzd'],
  ['y/\\/\\\\/\\\\\\//', 'a/b\\c', 'a\\b/c'],
  ['s/a/b/ y/b/c/', 'ab', 'cc'],
])('%j on %j', (sed, text, result) => {
  expect(compileSed(sed)(text)).toBe(result)
})

test.each([
  ['', 'the sed expression is empty', 0],
  ['d/a/', "a sed command is 's' or 'y', not 'd'", 0],
  ['s', "a delimiter must follow 's'", 1],
  ['s/a/b', "the sed expression is not ended by '/'", 5],
  ['s/a/b/x', "'x' is no flag of a sed substitution: 'g' or a number", 0],
  ['s/(/b/', 'missing closing parenthesis', 3],
  ['y/ab/c/', "the two parts of 'y' must have the same length", 0],
  ['y/a/b/g', "'y' takes no flags, but 'g' stands there", 0],
])('%j is refused', (sed, message, at) => {
  const refuse = () => compileSed(sed)
  expect(refuse).toThrow(RegexProblem)
  expect(refuse).toThrow(expect.objectContaining({ message, at }))
})

test('a substitution is as risky as its pattern', () => {
  expect(compileSed('s/(a+)+$/b/').risky).toBe(true)
  expect(compileSed('s/a/b/ y/a/b/').risky).toBe(false)
})
