import { loadLanguage } from '../../../../search/load-language'
import { type Demand, EVERYTHING } from '../../../../spl/batch/demand'
import { ArgumentReader } from '../../../../spl/syntax/arguments'

const LANGUAGE = loadLanguage()

const of = (...fields: string[]): Demand => ({ fields, except: [], ordered: false })
const but = (d: Demand, ...except: string[]): Demand => ({ ...d, except })
const inOrder = (d: Demand): Demand => ({ ...d, ordered: true })
const ALL = { ...EVERYTHING, ordered: false }

function before(text: string, after: Demand): Demand {
  const name = text.split(' ')[0]!
  const command = LANGUAGE.commands.get(name)!
  let id = 0
  const r = new ArgumentReader(text, { start: name.length, end: text.length }, { command: name, vocabulary: LANGUAGE, nextId: () => ++id })
  return LANGUAGE.bind(command.read(r, { start: 0, end: text.length })).needs(after)
}
const canon = (d: Demand) => ({ fields: [...d.fields].sort(), except: [...d.except].sort(), ordered: d.ordered })

test.each<readonly [text: string, after: Demand, before: Demand]>([
  ['eval b=a', of('b'), of('a')],
  ['eval b=a', of('c'), of('c')],
  ['eval b=a', ALL, but(of('*', 'a'), 'b')],
  ['eval a=a+1', of('a'), of('a')],
  ['eval b=a, c=b+d', of('c'), of('d', 'a')],
  ['eval {k}=v', of('x'), of('x', 'k', 'v')],
  ['where a>1 AND isnotnull(b)', of('c'), of('c', 'a', 'b')],
  ['table a b*', ALL, of('a', 'b*')],
  ['table a b', of('b', 'c'), of('b')],
  ['fields a', ALL, of('a', '_*')],
  ['fields a', of('a', '_time', 'c'), of('a', '_time')],
  ['fields - a', ALL, but(of('*'), 'a')],
  ['fields - _raw', of('_raw', 'b'), of('b')],
  ['rename a AS b', of('b'), of('a')],
  ['rename a AS b', of('a'), of()],
  ['rename a AS b', of('c'), of('c')],
  ['rex field=x "(?<a>.)(?<b>.)"', of('a'), of('a', 'x')],
  ['rex field=x "(?<a>.)"', of('c'), of('c')],
  ['rex field=x mode=sed "s/a/b/"', of('c'), of('c')],
  ['regex x="a"', of('c'), of('c', 'x')],
  ['regex "a"', of('c'), of('c', '_raw')],
  ['head 5', of('a'), inOrder(of('a'))],
  ['head (b>1)', of('a'), inOrder(of('a', 'b'))],
  ['dedup a b', of('c'), inOrder(of('c', 'a', 'b'))],
  ['fillnull value=x a', of('b'), of('b')],
  ['filldown a', of('a'), inOrder(of('a'))],
  ['bin _time span=1h', of('_time'), of('_time')],
  ['bin x span=10 AS y', of('y', 'z'), of('z', 'x')],
  ['bin x span=10 AS y', of('z'), of('z')],
  ['makeresults', ALL, of()],
  ['replace a WITH b IN x', of('y'), of('y')],
  ['makemv x', of('x'), of('x')],
  ['mvexpand x', of('y'), of('y', 'x')],
  ['strcat a "/" b c', of('c'), of('a', 'b')],
  ['strcat allrequired=t a b c', of('c'), of('c', 'a', 'b')],
  ['strcat a b c', of('d'), of('d')],
  ['uniq', of('a'), EVERYTHING],
  ['accum x AS y', of('y'), inOrder(of('y', 'x'))],
  ['delta x', of('delta(x)'), inOrder(of('x'))],
  ['addtotals a b', of('Total'), of('Total', 'a', 'b')],
  ['addtotals a b', of('a'), of('a')],
  ['convert ctime(a) AS b', of('b'), of('a')],
  ['convert ctime(a)', of('a'), of('a')],
])('%s under %j needs %j', (text, after, wanted) => {
  expect(canon(before(text, after))).toEqual(canon(wanted))
})
