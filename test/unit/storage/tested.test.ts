import { TestedTerms } from '../../../storage/matching/tested'

const mask = (bits: string) => Uint8Array.from(bits, Number)
const get = (t: TestedTerms, term: string, block: number, rows: number) => {
  const found = t.get('f', term, block, rows)
  return found instanceof Uint8Array ? [...found].join('') : found
}

it('tells another what was found or asked for in between, and nothing else', () => {
  const one = new TestedTerms()
  one.put('f', 'a', 1, mask('1010000011'))
  one.put('f', 'a', 2, mask('111'))
  const told = one.record()
  expect(get(one, 'a', 1, 10)).toBe('1010000011')
  expect(get(one, 'b', 1, 10)).toBeUndefined()
  one.put('f', 'b', 1, mask('0000000000'))
  one.put('f', 'b', 7, mask('01'))
  const other = new TestedTerms()
  other.put('f', 'b', 7, mask('01'))
  other.learn(structuredClone(told()))
  expect([get(other, 'a', 1, 10), get(other, 'a', 2, 3)]).toEqual(['1010000011', undefined])
  expect([get(other, 'b', 1, 10), get(other, 'b', 7, 2)]).toEqual(['none', '01'])
  one.put('f', 'c', 1, mask('1'))
  expect(told().map(({ key }) => key)).toEqual(['fa', 'fb'])
})
