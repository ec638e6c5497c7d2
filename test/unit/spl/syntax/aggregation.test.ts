import type { Term } from '../../../../spl/syntax/aggregation'
import { SplProblem } from '../../../../spl/text/problem'
import { stage } from '../../../support/stages'

const terms = (text: string) => (stage(`stats ${text}`).stage.args as { readonly terms: readonly Term[] }).terms
const spans = (text: string) => (stage(`stats ${text}`).stage.spans as { readonly terms: unknown }).terms

test.each<readonly [text: string, wanted: readonly Partial<Term>[]]>([
  ['count', [{ function: 'count', name: 'count' }]],
  ['c', [{ function: 'count', name: 'c' }]],
  ['count()', [{ function: 'count', name: 'count' }]],
  ['Count(x) as n', [{ function: 'count', field: 'x', name: 'n' }]],
  [
    'sum( x ), avg(y)',
    [
      { function: 'sum', field: 'x', name: 'sum(x)' },
      { function: 'avg', field: 'y', name: 'avg(y)' },
    ],
  ],
  [
    'p99.9(x) perc5(x)',
    [
      { function: 'perc', number: 99.9, name: 'p99.9(x)' },
      { function: 'perc', number: 5, name: 'perc5(x)' },
    ],
  ],
  ['distinct_count(x)', [{ function: 'dc', field: 'x', name: 'distinct_count(x)' }]],
  [
    `perc50('visitors total') max("a b") AS "the most"`,
    [
      { field: 'visitors total', name: 'perc50(visitors total)' },
      { field: 'a b', name: 'the most' },
    ],
  ],
  ['values(*_x) AS all_*', [{ field: '*_x', name: 'all_*' }]],
  ['avg', [{ function: 'avg', field: '*', name: 'avg(*)', implied: true }]],
  ['values(aceFlags(inheritance)) AS aceFlags(x)', [{ field: 'aceFlags(inheritance)', name: 'aceFlags(x)' }]],
  [
    'values(user.name{}) latest(a-b:c)',
    [
      { field: 'user.name{}', name: 'values(user.name{})' },
      { field: 'a-b:c', timed: true },
    ],
  ],
  ['count(eval(a=")" AND b>1)) AS n', [{ function: 'count', name: 'n' }]],
  ['sum(eval) as by_hand', [{ field: 'eval', name: 'by_hand' }]],
])('%s', (text, wanted) => {
  expect(terms(text)).toHaveLength(wanted.length)
  expect(terms(text)).toMatchObject(wanted)
})

test('each part has its place', () => {
  const text = '| makeresults | stats sum(x) AS "a b", count'
  const at = (part: string) => ({ start: text.indexOf(part), end: text.indexOf(part) + part.length })
  expect(spans('sum(x) AS "a b", count')).toEqual([{ call: at('sum(x)'), as: at('"a b"') }, { call: at('count') }])
})

test.each<readonly [text: string, code: string, underlined: string | undefined]>([
  ['nosuch(x)', 'stats-function', 'nosuch(x)'],
  ['nosuch', 'stats-function', 'nosuch'],
  ['sum(a b)', 'stats-function', 'sum(a b)'],
  ['sum(a', 'stats-function', 'sum(a'],
  ['perc(x)', 'stats-function', 'perc(x)'],
  ['perc100(x)', 'stats-percentile', 'perc100(x)'],
  ['count(eval(x=1))', 'stats-rename', 'count(eval(x=1))'],
  ['sum(a_*) AS total', 'stats-wildcards', 'total'],
  ['count AS n_*', 'stats-wildcards', 'n_*'],
  ['count AS', 'stats-as-empty', 'AS'],
  ['count AS ""', 'stats-as-empty', 'AS'],
  ['count AS BY x', 'stats-as-empty', 'AS'],
  ['count BY', 'stats-by-empty', undefined],
  ['count BY a, a', 'stats-by-repeated', 'a'],
  ['count BY a*', 'command-argument', 'a*'],
  ['count AS a BY a', 'stats-output-by', 'a'],
  ['sum(x) AS a max(x) AS a', 'stats-duplicate', 'a'],
  ['sparkline(count)', 'not-supported', 'sparkline(count)'],
  ['per_hour(x)', 'not-supported', 'per_hour(x)'],
  ['sum(eval(x+)) AS y', 'eval-malformed', '+'],
  ['delim=":" values(x)', 'not-supported', undefined],
])('%s is refused: %s', (text, code, underlined) => {
  let problem: SplProblem | undefined
  try {
    stage(`stats ${text}`)
  } catch (e) {
    if (!(e instanceof SplProblem)) throw e
    problem = e
  }
  expect(problem?.code).toBe(code)
  const span = problem?.problem.span
  if (underlined !== undefined) expect(span && `| makeresults | stats ${text}`.slice(span.start, span.end)).toBe(underlined)
})
