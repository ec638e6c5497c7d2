import { refusedIn } from '../../../scripts/reference/gaps'

test.each([
  ['a text', `throw notSupported('subsearches', span)`, ['subsearches']],
  ['what varies', `throw notSupported(\`the '\${name.toLowerCase()}' command\`, at)`, ["the '…' command"]],
  ['double quotes', `fail('not-supported-setup', { what: "the option 'x' of y" })`, ["the option 'x' of y"]],
  ['a constant on the line before', `const what = \`key = \${v}\`\n  r.push(problem('not-supported', { what }))`, ['key = …']],
  ['its definition', 'export const notSupported = (what: string) => fail(', []],
  ['two of them', `notSupported('a')\nnotSupported('b')`, ['a', 'b']],
])('%s', (_what, source, found) => {
  expect(refusedIn('x.ts', source)).toEqual(found)
})

test('a place that does not say what it refuses is a mistake', () => {
  expect(() => refusedIn('x.ts', 'throw notSupported(reason, at)')).toThrow('x.ts: what is not supported must be written out')
})
