import { readConf, stanzasOf, writeConf } from '../../../knowledge/conf'

const plain = (text: string) => Object.fromEntries(stanzasOf(readConf(text)))

test.each<[string, string, Record<string, Record<string, string>>]>([
  ['a stanza', '[a]\nx = 1\ny=2', { a: { x: '1', y: '2' } }],
  ['keys before any header are of [default]', 'x = 1\n[a]\ny = 2', { default: { x: '1' }, a: { y: '2' } }],
  ['comments have lines of their own', '# c\n[a]\n  # c\nx = 1 # no comment\n;y = 2', { a: { x: '1 # no comment', ';y': '2' } }],
  [
    'a value is kept as it is written',
    '[a]\nEXTRACT-x = (?<a>"[^=]+")=\\s \nq = "b"',
    { a: { 'EXTRACT-x': '(?<a>"[^=]+")=\\s', q: '"b"' } },
  ],
  ['an empty value', '[a]\nx =\ny', { a: { x: '' } }],
  ['a backslash goes on with the next line', '[a]\nx = 1 \\\n  | stats\\\n# 2\ny = 3', { a: { x: '1 \n  | stats\n# 2', y: '3' } }],
  ['blanks after a backslash end the value', '[a]\nx = 1\\ \ny = 2', { a: { x: '1\\', y: '2' } }],
  ['a backslash at the end of the text stays', '[a]\nx = C:\\', { a: { x: 'C:\\' } }],
  ['a repeated stanza is one; the last value of a key stands', '[a]\nx = 1\ny = 1\n[b]\n[a]\nx = 2', { a: { x: '2', y: '1' }, b: {} }],
  ['a byte order mark and carriage returns', '\uFEFF[a]\r\nx = 1\\\r\n2\r\n', { a: { x: '1\n2' } }],
  [
    'brackets in a name',
    '[source::...[a-z].log]\nx = 1\n[]\nexport = system',
    { 'source::...[a-z].log': { x: '1' }, '': { export: 'system' } },
  ],
  ['names of objects', '[constructor]\n__proto__ = 1', { constructor: JSON.parse('{"__proto__":"1"}') as Record<string, string> }],
])('%s', (_name, text, expected) => {
  expect(plain(text)).toEqual(expected)
})

test('places are line numbers, faults are named', () => {
  const conf = readConf('# c\n[a]\nx = 1 \\\n2\ny\n= 3\nx = 4\n[b\nz = 1', 'f.conf')
  expect(conf).toEqual({
    file: 'f.conf',
    stanzas: [
      { name: 'a', line: 2, entries: [{ key: 'x', value: '4', line: 7 }] },
      { name: 'b', line: 8, entries: [{ key: 'z', value: '1', line: 9 }] },
    ],
    faults: [
      { file: 'f.conf', line: 5, text: 'y' },
      { file: 'f.conf', line: 6, text: '= 3' },
      { file: 'f.conf', line: 8, text: '[b' },
    ],
  })
})

test('what is written', () => {
  expect(
    writeConf(
      new Map([
        ['a', { x: '1\n2', y: '' }],
        ['b', {}],
      ]),
    ),
  ).toBe('[a]\nx = 1\\\n2\ny = \n\n[b]\n')
})

test.each<[string, Record<string, string>]>([
  ['a', { x: ' 1' }],
  ['a', { x: '1\\' }],
  ['a', { x: '1\r\n2' }],
  ['a', { '#x': '1' }],
  ['a', { 'x=y': '1' }],
  ['a', { '': '1' }],
  ['a\nb', {}],
])('refuses to write [%s] %j', (name, settings) => {
  expect(() => writeConf(new Map([[name, settings]]))).toThrow(RangeError)
})
