import { xmlAttribute, xmlText } from '../../output/markup'
import type { Suite } from '../find'
import type { CaseResult } from '../run'

/**
 * The results as JUnit's XML: a suite a file, a case a test; a test that could not be run is an error.
 * @source the schema that Jenkins and GitLab read
 */
export function junitText(suites: readonly Suite[], results: readonly CaseResult[]): string {
  const parts = suites.map((suite) =>
    suiteElement(
      suite,
      results.filter((r) => suite.rules.includes(r.rule)),
    ),
  )
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites>\n${parts.join('')}</testsuites>\n`
}

function suiteElement({ file, faults }: Suite, results: readonly CaseResult[]): string {
  const count = (status: string) => results.filter((r) => r.outcome.status === status).length
  const seconds = results.reduce((sum, r) => sum + r.seconds, 0).toFixed(3)
  const counts = `tests="${results.length + faults.length}" failures="${count('failed')}" errors="${count('broken') + faults.length}"`
  const cases = [...faults.map((fault) => faultElement(file, fault)), ...results.map(caseElement)]
  return `  <testsuite name="${xmlAttribute(file)}" ${counts} time="${seconds}">\n${cases.join('')}  </testsuite>\n`
}

const faultElement = (file: string, fault: string): string =>
  `    <testcase classname="${xmlAttribute(file)}" name="is read" time="0">${element('error', [fault])}</testcase>\n`

function caseElement({ rule, test, outcome, seconds }: CaseResult): string {
  const head = `    <testcase classname="${xmlAttribute(rule.title)}" name="${xmlAttribute(test.name)}" time="${seconds.toFixed(3)}"`
  if (outcome.status === 'passed') return `${head}/>\n`
  return `${head}>${element(outcome.status === 'failed' ? 'failure' : 'error', outcome.why)}</testcase>\n`
}

const element = (name: string, why: readonly string[]): string =>
  `<${name} message="${xmlAttribute(why[0] ?? '')}">${xmlText(why.join('\n'))}</${name}>`
