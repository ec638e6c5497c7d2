import { linkSegment, readTarget } from '../../../server/raw-url'

const segments = (url: string) => readTarget(url)?.segments

test.each([
  ['/services/search/jobs', ['search', 'jobs']],
  ['/services/search/jobs/', ['search', 'jobs']],
  ['/services//search///jobs?x=1', ['search', 'jobs']],
  ['/services', []],
  ['/services/saved/searches/a+b%20c%2Bd', ['saved', 'searches', 'a b c+d']],
  ['/services/data/inputs/http/http%3A%252F%252FNAME', ['data', 'inputs', 'http', 'http://NAME']],
  ['/services/data/inputs/http/http%253A%252F%252FNAME', ['data', 'inputs', 'http', 'http://NAME']],
  ['/services/x/a%2Fb', ['x', 'a/b']],
])('%s', (url, expected) => expect(segments(url)).toEqual(expected))

test('namespaces', () => {
  expect(readTarget('/servicesNS/nobody/my%20app/search/jobs')).toMatchObject({
    owner: 'nobody',
    app: 'my app',
    segments: ['search', 'jobs'],
  })
  expect(readTarget('/servicesNS/-/-')).toMatchObject({ owner: '-', app: '-', segments: [] })
  expect(readTarget('/servicesNS/nobody')).toBeUndefined()
})

test('splunkweb', () => {
  expect(readTarget('/en-US/splunkd/__raw/services/a?b=1')).toMatchObject({ proxied: true, segments: ['a'] })
  expect(readTarget('/splunkd/__raw/servicesNS/o/a/x')).toMatchObject({ proxied: true, owner: 'o', segments: ['x'] })
  expect(readTarget('/en-US/app/search')).toBeUndefined()
  expect(readTarget('/services/a')?.proxied).toBe(false)
})

test('the query: repeated names are lists, a plus is a blank', () => {
  expect([...readTarget('/services/a?f=1&f=2&q=x+y%2B')!.query]).toEqual([
    ['f', ['1', '2']],
    ['q', ['x y+']],
  ])
})

test('malformed escapes are refused', () => expect(() => readTarget('/services/%zz')).toThrow(URIError))

test('links encode a slash twice', () => {
  expect(linkSegment('http://a b')).toBe('http%3A%252F%252Fa%20b')
  expect(segments(`/services/${linkSegment('http://a b')}`)).toEqual(['http://a b'])
})
