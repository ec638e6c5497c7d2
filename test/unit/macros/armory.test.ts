import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { parse } from 'yaml'
import { readConf, stanzasOf } from '../../../knowledge/conf'
import { withDefaults } from '../../../knowledge/layers'
import { macroTable } from '../../../macros/definition'
import { expandMacros } from '../../../macros/expand'
import { splitStages } from '../../../spl/parse/split'
import { SplProblem } from '../../../spl/text/problem'

const root = join(__dirname, '..', '..', '..')
const corpus = join(root, '..', 'shared', 'corpus', 'armory')

/** Rules of the catalogue that are malformed so early, and what is said of them. */
const MALFORMED: Readonly<Record<string, string>> = {
  'suspicious_recaptcha_command_line-splunk-sysmon.yml': 'macro-paren',
  'windows_firewall_rule_creation-splunk-sysmon.yml': 'unbalanced-quotes',
}

if (existsSync(corpus)) test('every rule of the catalogue expands with the macros of the package, and splits into stages', expandsAll)
else {
  console.log(`skipped: there is no catalogue at ${corpus}`)
  test.skip('every rule of the catalogue expands with the macros of the package, and splits into stages', expandsAll)
}

function expandsAll() {
  const table = macroTable(withDefaults(stanzasOf(readConf(readFileSync(join(root, 'macros', 'macros.conf'), 'utf8')))))
  const files = readdirSync(corpus, { recursive: true, encoding: 'utf8' }).filter((f) => f.endsWith('.yml'))
  const failed = files.flatMap((file) => {
    const { logic } = parse(readFileSync(join(corpus, file), 'utf8')) as { logic: string }
    try {
      const { text } = expandMacros(logic, table, () => null)
      splitStages(text)
      return []
    } catch (e) {
      if (e instanceof SplProblem) return [[basename(file), e.code]]
      throw e
    }
  })
  const there = new Set(files.map((f) => basename(f)))
  expect(files.length).toBeGreaterThan(100)
  expect(Object.fromEntries(failed)).toEqual(Object.fromEntries(Object.entries(MALFORMED).filter(([name]) => there.has(name))))
}
