import type { Suite } from '../find'
import type { CaseResult } from '../run'
import { totalsOf } from './totals'

const SIGNS = { passed: '✓', failed: '✗', broken: '!' } as const

/** A file's rules and tests as a tree, with why a test failed. */
export function suiteText({ file, rules, faults }: Suite, results: readonly CaseResult[]): string {
  const lines = [file, ...faults.map((fault) => `  ! ${fault}`)]
  for (const rule of rules) {
    const own = results.filter((r) => r.rule === rule)
    lines.push(`  ${rule.title}${rule.id === rule.title ? '' : ` (${rule.id})`}${own.length === 0 ? ': no tests' : ''}`)
    for (const result of own) lines.push(...resultLines(result))
  }
  return `${lines.join('\n')}\n`
}

function resultLines({ test, outcome, seconds }: CaseResult): readonly string[] {
  const head = `    ${SIGNS[outcome.status]} ${test.name} (${Math.round(seconds * 1000)} ms)`
  return outcome.status === 'passed' ? [head] : [head, ...outcome.why.map((line) => `        ${line}`)]
}

/** The last line: `3 passed, 1 failed`. */
export function totalsText(suites: readonly Suite[], results: readonly CaseResult[]): string {
  const { passed, failed, broken, untested } = totalsOf(suites, results)
  const parts = [`${passed} passed`, `${failed} failed`]
  if (broken > 0) parts.push(`${broken} could not run`)
  if (untested > 0) parts.push(`${untested} ${untested === 1 ? 'rule' : 'rules'} without tests`)
  return `${parts.join(', ')}\n`
}
