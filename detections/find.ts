import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { type Case, readCases } from './case'
import { isRuleFile, type ReadStanzas, type Rule, readRules } from './rule'

/** A file of rules and the tests beside it. */
export interface Suite {
  readonly file: string
  readonly rules: readonly Rule[]
  readonly cases: readonly { readonly rule: Rule; readonly test: Case }[]
  /** Why rules or tests could not be read. */
  readonly faults: readonly string[]
}

/**
 * The rules under the paths with their tests, in byte order of the files. Tests stand beside the rule's file: `name.test.yml` for
 * `name.yml`. A path may be a rule's file, its test file or a folder.
 * @throws Error for a path that is not there
 */
export function findSuites(paths: readonly string[], readStanzas: ReadStanzas): readonly Suite[] {
  const files = new Set(paths.flatMap((path) => ruleFiles(path)))
  return [...files].map((file) => readSuite(file, readStanzas)).filter(({ rules, faults }) => rules.length > 0 || faults.length > 0)
}

function ruleFiles(path: string): readonly string[] {
  const found = statSync(path, { throwIfNoEntry: false })
  if (!found) throw new Error(`There is no ${path}.`)
  if (found.isDirectory()) return filesBelow(path).filter(isRuleFile)
  return [isTestFile(path) ? ruleFileOf(path) : path]
}

function filesBelow(folder: string): readonly string[] {
  const entries = readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1))
  return entries.flatMap((entry) => {
    if (entry.name.startsWith('.') || entry.name === 'node_modules') return []
    return entry.isDirectory() ? filesBelow(join(folder, entry.name)) : [join(folder, entry.name)]
  })
}

const isTestFile = (path: string): boolean => /\.test\.ya?ml$/.test(path)

function ruleFileOf(tests: string): string {
  const base = tests.replace(/\.test\.ya?ml$/, '')
  const file = ['.yml', '.yaml', '.spl', '.conf'].map((ending) => base + ending).find(existsSync)
  if (file === undefined) throw new Error(`${tests}: there is no rule beside it (${base}.yml, .yaml, .spl, .conf).`)
  return file
}

const testFileOf = (file: string): string | undefined =>
  ['.test.yml', '.test.yaml'].map((ending) => file.replace(/\.\w+$/, ending)).find(existsSync)

function readSuite(file: string, readStanzas: ReadStanzas): Suite {
  const faults: string[] = []
  const attempt = <T>(job: () => readonly T[]): readonly T[] => {
    try {
      return job()
    } catch (error) {
      faults.push((error as Error).message)
      return []
    }
  }
  const rules = attempt(() => readRules(file, readFileSync(file, 'utf8'), readStanzas))
  const tests = testFileOf(file)
  const read = tests === undefined ? [] : attempt(() => readCases(tests, readFileSync(tests, 'utf8')))
  const cases = read.flatMap((test) => attempt(() => [{ rule: ruleOf(test, rules, tests!), test }]))
  return { file, rules, cases, faults }
}

function ruleOf(test: Case, rules: readonly Rule[], file: string): Rule {
  const found = test.rule === undefined ? rules : rules.filter(({ id, title }) => id === test.rule || title === test.rule)
  if (found.length === 1) return found[0]!
  const names = rules.map(({ id }) => `'${id}'`).join(', ')
  if (test.rule === undefined) throw new Error(`${file}: '${test.name}' must say by 'rule' which of ${names || 'no rules'} it tests.`)
  throw new Error(`${file}: '${test.name}' tests '${test.rule}', which is none of ${names}.`)
}
