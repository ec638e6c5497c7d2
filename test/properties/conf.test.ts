import fc from 'fast-check'
import { readConf, type Stanzas, stanzasOf, writeConf } from '../../knowledge/conf'
import { withDefaults } from '../../knowledge/layers'

const text = fc.string({ unit: fc.constantFrom('a', '=', '[', ']', '#', ';', '\\', ' ', '\t', '"', '$', 'é', '\n') })
const key = text.map((s) => s.replace(/[=\n]/g, '').trim()).filter((s) => s !== '' && !/^[#[]/.test(s))
const value = text.map((s) => s.trim().replace(/\\+$/, '').trim())
const name = text.map((s) => s.replaceAll('\n', ''))
const stanzas: fc.Arbitrary<Stanzas> = fc.array(fc.tuple(name, fc.dictionary(key, value))).map((list) => new Map(list))
const lines = fc
  .array(
    fc.oneof(
      text,
      name.map((n) => `[${n}]`),
      fc.tuple(key, value).map(([k, v]) => `${k} = ${v}`),
    ),
  )
  .map((l) => l.join('\n'))

test('what is written reads back the same', () => {
  fc.assert(
    fc.property(stanzas, (s) => {
      fc.pre([...s.values()].every((settings) => Object.values(settings).every((v) => !v.endsWith('\\'))))
      expect(stanzasOf(readConf(writeConf(s)))).toEqual(s)
    }),
  )
})

test('any text reads; line ends and a byte order mark say nothing', () => {
  fc.assert(
    fc.property(lines, (l) => {
      const conf = readConf(l)
      expect(readConf(`\uFEFF${l.replaceAll('\n', '\r\n')}`)).toEqual(conf)
      for (const s of conf.stanzas) for (const e of s.entries) expect(l.split('\n')[e.line - 1]).toContain(e.key)
    }),
  )
})

test('[default] gives only what a stanza does not say, and inheriting twice is inheriting once', () => {
  fc.assert(
    fc.property(stanzas, fc.dictionary(key, value), (s, defaults) => {
      const all = new Map([...s, ['default', defaults]])
      const once = withDefaults(all)
      for (const [n, settings] of once) expect(settings).toEqual({ ...defaults, ...all.get(n) })
      expect(withDefaults(new Map([...once, ['default', defaults]]))).toEqual(once)
    }),
  )
})
