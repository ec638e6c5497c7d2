import { searchSegments } from '../../../../spl/segments/cut'
import { MAX_TERM_BYTES, TermSet } from '../../../../spl/segments/term-set'
import { compileTerm, type TermKind } from '../../../../spl/segments/terms'

const indexed = (text: string) => {
  const set = new TermSet()
  const data = Buffer.from(text)
  set.add(data, 0, data.length)
  const out: string[] = []
  set.each((t) => out.push(t))
  return out
}

test.each([
  ['ip=127.0.0.1 user=a.b@c.de', ['ip=127.0.0.1', 'ip', '127', '0', '1', 'user=a.b@c.de', 'user', 'a', 'b', 'c', 'de']],
  ['<EventID>1</EventID>', ['eventid', '1', '/eventid']],
  ['C:\\Windows\\System32', ['c:\\windows\\system32', 'c', 'windows', 'system32']],
  ['xn--80ak6aa92e.com', ['xn', '80ak6aa92e.com', '80ak6aa92e', 'com']],
  ['a_b_c_d', ['a_b_c_d', 'a', 'b', 'c', 'd']],
  ['q=a%20b%3Bc%2526d%25e', ['q=a', 'q', 'a', 'b', 'c', 'd%25e', 'd', '25e']],
  ['a---b', ['a', '-b', 'b']],
  ['x\0y', ['x*y']],
  ['Müller MÜLLER', ['müller']],
  ['', []],
])('terms of %j', (text, terms) => expect(indexed(text)).toEqual(terms))

test('a term past the limit is cut, between characters', () => {
  expect(indexed('a'.repeat(40_000))).toEqual(['a'.repeat(MAX_TERM_BYTES)])
  expect(indexed(`${'a'.repeat(MAX_TERM_BYTES - 1)}éé`)).toEqual(['a'.repeat(MAX_TERM_BYTES - 1)])
})

test('a set that is reset holds nothing of the block before', () => {
  const set = new TermSet(4)
  const fill = (text: string) => set.add(Buffer.from(text), 0, Buffer.byteLength(text))
  for (let i = 0; i < 1000; i++) fill(`term${i} É${i}`)
  expect([set.size, set.foldsMore]).toEqual([2000, true])
  set.reset()
  fill('é5 ®')
  expect([set.size, set.foldsMore]).toEqual([2, false])
  expect([set.has(Buffer.from('é5')), set.has(Buffer.from('term5'))]).toEqual([true, false])
})

test.each([
  ['EventID>1<', ['EventID', '1']],
  ['fail* log.in', ['fail*', 'log', 'in']],
  ['a%20b--c', ['a', 'b', 'c']],
])('a search string %j is cut', (term, pieces) => expect(searchSegments(term).map((s) => s.text)).toEqual(pieces))

const cases: [TermKind, string, string, boolean][] = [
  ['word', 'error', 'k=t1 my_error here', true],
  ['word', 'error', 'terror errors', false],
  ['word', 'Error', 'k: ERROR', true],
  ['word', 'b_c', 'a_b_c_d', true],
  ['word', 'b_c', 'b c', false],
  ['word', 'error:', 'error - x', false],
  ['word', 'err*', 'my_errors', true],
  ['word', '*rror', 'terror', true],
  ['word', 't*r', 'terror', true],
  ['word', 't*or', 'ter or', false],
  ['phrase', 'EventID>1<', '<EventID>1</EventID>', true],
  ['phrase', 'EventID>1', '<EventID>10</EventID>', false],
  ['phrase', 'ventID>1<', '<EventID>1</EventID>', false],
  ['phrase', 'failed pass', 'failed password', false],
  ['phrase', 'failed pass*', 'FAILED PASSWORD', true],
  ['term', 'ip=10.0.0.6', 'k=r2 ip=10.0.0.6 ok', true],
  ['term', '10.0.0.6', 'ip=10.0.0.6', false],
  ['term', '10.0.0.6', '"10.0.0.6"', true],
  ['term', 'ftp', 'ftp.exe', true],
  ['term', 'ftp.e*', 'x ftp.exe', true],
  ['term', '*.exe', 'x ftp.exe', true],
  ['term', '>', '<a>', false],
  ['term', 'a b', 'x a b y', true],
  ['term', '80ak6.com', 'xn--80ak6.com', true],
  ['term', 'b.com', 'a-b.com', false],
  ['tokens', 'a/b', 'b a', true],
]
test.each(cases)('%s %j in %j: %s', (kind, wanted, text, found) => expect(compileTerm(kind, wanted).test(text)).toBe(found))

test('CASE looks at the case of the event, and asks the index without it', () => {
  const term = compileTerm('word', 'Error', true)
  expect([term.test('an Error'), term.test('an error')]).toEqual([true, false])
  expect(term.needs).toEqual({ all: [{ term: 'error', wildcard: false }] })
})

test('what the index is asked for', () => {
  expect(compileTerm('phrase', 'Fail* log in').needs).toEqual({
    all: [
      { term: 'fail*', wildcard: true },
      { term: 'log', wildcard: false },
      { term: 'in', wildcard: false },
    ],
  })
  expect(compileTerm('term', '<').needs).toEqual({ any: [] })
  expect(compileTerm('word', '*').needs).toBeUndefined()
  expect([compileTerm('word', 'a').decidedByTerms, compileTerm('word', 'a.b').decidedByTerms]).toEqual([true, false])
})
