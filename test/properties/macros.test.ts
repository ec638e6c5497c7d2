import fc from 'fast-check'
import { type Macro, macroTable } from '../../macros/definition'
import { type Evaluate, expandMacros, piecesOf } from '../../macros/expand'

const noExpressions: Evaluate = (expression) => {
  throw new Error(`nothing here evaluates: ${expression}`)
}
const macros = macroTable(
  new Map([
    ['x', { definition: 'a b' }],
    ['none', { definition: '' }],
    ['deep', { definition: '(`x` `none`)' }],
    ['id(1)', { args: 'v', definition: '$v$' }],
  ]),
)
const characters = fc.string({ unit: fc.constantFrom('a', ' ', '|', '"', '\\', '(', ',', '[', ']', '$', '=', '😀') })
/** Without a quote or backslash that reaches into what follows. */
const calm = fc.string({ unit: fc.constantFrom('a', ' ', '|', '(', ')', ',', '[', '$', '=', '"q"', '"`x`"') })
const call = fc.constantFrom('`x`', '`none`', '`deep`', '`id(v)`', '`id("a, b")`')
const comment = fc.constantFrom('```c```', '```\n| x```')

test('without tick marks a text stays as it is, and every character is its own origin', () => {
  fc.assert(
    fc.property(characters, (text) => {
      const source = expandMacros(text, macros, noExpressions)
      expect(source.text).toBe(text)
      for (let i = 0; i <= text.length; i++) expect(source.origin(i)).toEqual({ start: i, end: i + 1 })
    }),
  )
})

test('a text in parts expands as its parts do; origins never go back and lie in the part they came from', () => {
  fc.assert(
    fc.property(fc.array(fc.oneof(calm, call, comment), { maxLength: 12 }), (parts) => {
      // Tick marks of neighbours would run together.
      const typed = parts.join(' ')
      const source = expandMacros(typed, macros, noExpressions)
      expect(source.text).toBe(parts.map((p) => expandMacros(p, macros, noExpressions).text).join(' '))
      expect(source.typed).toBe(typed)
      let last = 0
      for (let i = 0; i < source.text.length; i++) {
        const { start, end } = source.origin(i)
        expect(start).toBeGreaterThanOrEqual(last)
        expect(end).toBeGreaterThan(start)
        if (end === start + 1) expect(source.text[i]).toBe(typed[start])
        last = start
      }
    }),
  )
})

test('pieces follow each other without a gap', () => {
  fc.assert(
    fc.property(fc.array(fc.oneof(calm, call, comment)), (parts) => {
      const text = parts.join(' ')
      expect([...piecesOf(text)].map((p) => text.slice(p.span.start, p.span.end)).join('')).toBe(text)
    }),
  )
})

test('an argument in quotes arrives as it was meant, commas, parentheses and quotes included', () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom('a', ' ', ',', '(', ')', '"', '=', '$', '|') }), (value) => {
      fc.pre(!value.includes('"') || !/[()]/.test(value))
      const typed = `\`id("${value.replaceAll('"', '\\"')}")\``
      expect(expandMacros(typed, macros, noExpressions).text).toBe(value)
    }),
  )
})

test('a macro table is plain data', () => {
  expect(structuredClone(macros)).toEqual(macros)
  expect([...macros.values()].every((m) => (m as Macro).definition !== undefined)).toBe(true)
})
