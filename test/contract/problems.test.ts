import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { loadLanguage } from '../../search/load-language'
import { PROBLEMS } from '../../spl/text/problems'
import { selectCases } from '../support/spec'
import type { SpecCase } from '../support/spec-case'
import { PAIRS, runCase } from '../support/spec-run'
import { CaseStores } from '../support/spec-store'

const TESTS = join(__dirname, '..')

/** Codes of what cases of refusals and messages are told, in one setting. Cases with events take a store each: only those made for messages. */
async function provoked(): Promise<ReadonlySet<string>> {
  const codes = new Set<string>()
  const { ready } = selectCases([join(TESTS, 'spec')])
  const isAsked = ({ expect, given, file }: SpecCase) =>
    ('error' in expect || expect.messages !== undefined) && (!given?.events || /[\\/]problems[\\/]/.test(file))
  for (const c of ready.filter(isAsked)) {
    const stores = new CaseStores()
    try {
      const { problem, messages } = await runCase(c, PAIRS[1]!, loadLanguage(), stores)
      for (const { code } of [...messages, ...(problem ? [problem] : [])]) codes.add(code)
    } finally {
      await stores.close()
    }
  }
  return codes
}

/** Texts of the tests that are written in TypeScript: for what a case cannot bring about, such as an engine that is lost. */
const tests = readdirSync(TESTS, { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith('.test.ts') && !__filename.endsWith(path))
  .map((path) => readFileSync(join(TESTS, path), 'utf8'))

test('every message is provoked by a spec case, or asked for by its code in a test', async () => {
  const codes = await provoked()
  const unproven = Object.keys(PROBLEMS).filter((code) => !codes.has(code) && !tests.some((text) => text.includes(`'${code}'`)))
  expect(unproven).toEqual([])
}, 120_000)
