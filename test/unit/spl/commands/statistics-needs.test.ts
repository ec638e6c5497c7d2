import type { Demand } from '../../../../spl/batch/demand'
import { stage } from '../../../support/stages'

const of = (...fields: string[]): Demand => ({ fields, except: [], ordered: false })
const all: Demand = of('*')
const inOrder = (d: Demand): Demand => ({ ...d, ordered: true })
const canon = (d: Demand) => ({ fields: [...d.fields].sort(), except: [...d.except].sort(), ordered: d.ordered })

test.each<readonly [text: string, after: Demand, before: Demand]>([
  ['stats count', inOrder(all), of()],
  ['stats sum(x) first(y) BY g', inOrder(all), of('x', 'y', 'g')],
  ['stats sum(x) AS s max(y) AS m BY g', of('s'), of('x', 'g')],
  // Without BY all terms decide together whether there is a row.
  ['stats sum(x) AS s max(y) AS m', of('s'), of('x', 'y')],
  ['stats latest(x)', all, of('x', '_time')],
  ['stats count(eval(a>b)) AS n', all, of('a', 'b')],
  ['stats values(*) AS * BY _time, host', all, { ...of('*', '_time', 'host'), except: ['_*'] }],
  ['stats sum(_x*)', all, of('_x*')],
  ['eventstats sum(x) AS s BY g', of('a', 's'), of('a', 's', 'x', 'g')],
  ['eventstats sum(x) AS s BY g', inOrder(of('a')), inOrder(of('a'))],
  ['streamstats sum(x) AS s BY g', of('a', 's'), inOrder(of('a', 's', 'x', 'g'))],
  ['streamstats count reset_after=(b>1)', of('a'), inOrder(of('a', 'b'))],
  ['streamstats time_window=5s count', of('count'), inOrder(of('count', '_time'))],
  ['top x, y BY g', inOrder(all), of('x', 'y', 'g')],
  ['rare x', of('count'), of('x')],
])('%s under %j needs %j', (text, after, wanted) => {
  expect(canon(stage(text).needs(after))).toEqual(canon(wanted))
})
