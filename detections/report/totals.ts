import type { Suite } from '../find'
import type { CaseResult } from '../run'

export interface Totals {
  readonly passed: number
  readonly failed: number
  /** Tests, and files of rules or tests, that could not be read or run. */
  readonly broken: number
  readonly untested: number
}

export function totalsOf(suites: readonly Suite[], results: readonly CaseResult[]): Totals {
  const of = (status: CaseResult['outcome']['status']) => results.filter((r) => r.outcome.status === status).length
  const faults = suites.reduce((n, suite) => n + suite.faults.length, 0)
  const tested = new Set(suites.flatMap(({ cases }) => cases.map(({ rule }) => rule)))
  const untested = suites.flatMap(({ rules }) => rules).filter((rule) => !tested.has(rule)).length
  return { passed: of('passed'), failed: of('failed'), broken: of('broken') + faults, untested }
}
