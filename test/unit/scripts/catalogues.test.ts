import { kindsAskedFor } from '../../../scripts/catalogues.mjs'

test('the kinds come from the calls, each once, sorted', () => {
  const source = `
    import { readCatalogue } from './catalogue'
    const a = readCatalogue('functions'), b = readCatalogue("commands"), c = readCatalogue('functions')`
  expect(kindsAskedFor(source, 'x.ts')).toEqual(['commands', 'functions'])
})

test.each([
  [
    'a kind that is not written out',
    `readCatalogue('commands'); readCatalogue(kind)`,
    'x.ts: readCatalogue must be called with its kind written out',
  ],
  ['no call at all', `import { readCatalogue as read } from './catalogue'; read('commands')`, 'kind written out'],
  ['an unknown kind', `readCatalogue('comands')`, `has no kind 'comands'`],
])('%s is refused', (_what, source, message) => {
  expect(() => kindsAskedFor(source, 'x.ts')).toThrow(message)
})
