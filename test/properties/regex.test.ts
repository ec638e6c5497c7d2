import fc from 'fast-check'
import { RegexProblem } from '../../spl/regex/problem'
import { compileRegex, type Regex } from '../../spl/regex/regex'
import { compileSed } from '../../spl/regex/sed'

const text = fc.string({ unit: fc.constantFrom('a', 'b', 'A', 'B', '1', ' ', '.', '\\', 'é', 'É', '😀', '\n'), maxLength: 12 })
const any = fc.string({ unit: 'binary', maxLength: 20 }).filter((s) => s.isWellFormed())

/** Small patterns that compile, built of parts that do. */
const { pattern } = fc.letrec<{ pattern: string; item: string; atom: string }>((tie) => ({
  pattern: fc.oneof(
    { depthSize: 'small' },
    tie('item'),
    fc.tuple(tie('item'), tie('pattern')).map((p) => p.join('')),
    fc.tuple(tie('item'), tie('item')).map((p) => `(?:${p.join('|')})`),
  ),
  item: fc.oneof(
    tie('atom'),
    fc.tuple(tie('atom'), fc.constantFrom('*', '+', '?', '{1,2}', '*?', '+?')).map((p) => p.join('')),
  ),
  atom: fc.oneof(
    { depthSize: 'small' },
    fc.constantFrom('a', 'b', 'A', '1', '.', '\\d', '\\w', '\\s', '[ab]', '[^a]', '\\.', 'é', '\\x{1F600}'),
    tie('pattern').map((p) => `(?:${p})`),
    tie('pattern').map((p) => `(${p})`),
  ),
}))

const quoted = (literal: string) => literal.replace(/[^\p{L}\p{N}\s]/gu, '\\$&')
const whole = (regex: Regex, subject: string) => regex.exec(subject)?.text

test('an escaped text finds itself and nothing else', () => {
  fc.assert(
    fc.property(any, any, any, (before, literal, after) => {
      const regex = compileRegex(quoted(literal))
      const match = regex.exec(before + literal + after)
      expect(match?.text).toBe(literal)
      expect(match?.start).toBe((before + literal + after).indexOf(literal))
      expect(compileRegex(`\\A${quoted(literal)}\\z`).test(`${literal}x`)).toBe(false)
    }),
  )
})

test('a text between \\Q and \\E is the escaped text', () => {
  fc.assert(
    fc.property(text, text, (literal, subject) => {
      fc.pre(!literal.includes('\\E') && !literal.endsWith('\\'))
      expect(whole(compileRegex(`\\Q${literal}\\E`), subject)).toBe(whole(compileRegex(quoted(literal)), subject))
    }),
  )
})

test('(?i:x) ignores case there and only there', () => {
  fc.assert(
    fc.property(pattern, text, text, (p, subject, tail) => {
      const scoped = compileRegex(`\\A(?i:${p})\\z`)
      expect(scoped.test(subject)).toBe(compileRegex(`\\A(?:${p})\\z`, { caseless: true }).test(subject))
      const ended = compileRegex(`\\A(?i:${p})${quoted(`${tail}z`)}\\z`)
      expect(ended.test(`${subject + tail}Z`)).toBe(false)
      // With a letter that minds its case beside it the flag must be folded into the text: the answers stay.
      expect(ended.test(`${subject + tail}z`)).toBe(scoped.test(subject))
    }),
  )
})

test('a possessive repeat matches only where the greedy one does', () => {
  fc.assert(
    fc.property(pattern, pattern, text, (p, after, subject) => {
      if (compileRegex(`(?:${p})*+${after}`).test(subject)) expect(compileRegex(`(?:${p})*${after}`).test(subject)).toBe(true)
    }),
  )
})

test('a group without captures or quantifier changes nothing', () => {
  fc.assert(
    fc.property(pattern, text, (p, subject) => {
      expect(whole(compileRegex(`(?:${p})`), subject)).toBe(whole(compileRegex(p), subject))
    }),
  )
})

test('groups keep their numbers behind an atomic group', () => {
  fc.assert(
    fc.property(pattern, text, (p, subject) => {
      const plain = compileRegex(`(${p})`).exec(subject)?.group(1)
      expect(compileRegex(`(?>|1)(${p})`).exec(subject)?.group(1)).toBe(plain)
    }),
  )
})

test('matches lie in order, and replacing each by itself is identity', () => {
  fc.assert(
    fc.property(pattern, text, (p, subject) => {
      const regex = compileRegex(p)
      let end = 0
      for (const match of regex.matches(subject)) {
        expect(match.start).toBeGreaterThanOrEqual(end)
        expect(subject.slice(match.start, match.end)).toBe(match.text)
        end = match.end
      }
      expect(regex.replaceAll(subject, '\\0')).toBe(subject)
    }),
  )
})

test('any text compiles or is refused at a place inside it', () => {
  const odd = fc.string({ unit: fc.constantFrom(..."ab01()[]{}*+?|\\^$.,-:<>=!#PQEikgxo&' "), maxLength: 12 })
  fc.assert(
    fc.property(odd, text, (p, subject) => {
      try {
        compileRegex(p).exec(subject)
      } catch (e) {
        if (!(e instanceof RegexProblem)) throw e
        expect(e.at).toBeGreaterThanOrEqual(0)
        expect(e.at).toBeLessThanOrEqual(p.length)
      }
    }),
    { numRuns: 500 },
  )
})

test('y exchanges back what it exchanged', () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom('a', 'b', 'c', ' '), maxLength: 20 }), (subject) => {
      expect(compileSed('y/abc/xyz/ y/xyz/abc/')(subject)).toBe(subject)
    }),
  )
})
