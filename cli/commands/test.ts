import { writeFileSync } from 'node:fs'
import type { Suite } from '../../detections/find'
import type { CaseResult } from '../../detections/run'
import { cliCommand } from '../cli-command'
import { text } from '../flags'
import { headFlags } from '../head-flags'
import { StatusLine } from '../status-line'
import type { Terminal } from '../terminal'

export default cliCommand({
  name: 'test',
  summary: 'Runs the tests of detections: rules as catalogue YAML, savedsearches.conf or .spl, with a *.test.yml beside each.',
  operands: [{ name: 'PATH', help: 'rules, their tests, or folders of them', least: 1, most: Number.POSITIVE_INFINITY }],
  flags: {
    junit: text('FILE', "also writes the results as JUnit's XML", undefined),
    app: headFlags.app,
  },
  examples: [
    ['headstand test ./detections', 'all rules below a folder'],
    ['headstand test ./detections --junit report.xml', 'for a CI system'],
  ],
  async run({ flags, operands, terminal }) {
    const { findSuites } = require('../../detections/find') as typeof import('../../detections/find')
    const { readConf } = require('../../knowledge/conf') as typeof import('../../knowledge/conf')
    const { mergeConfs } = require('../../knowledge/layers') as typeof import('../../knowledge/layers')
    const { totalsText } = require('../../detections/report/text') as typeof import('../../detections/report/text')
    const suites = findSuites(operands, (conf, file) => mergeConfs([readConf(conf, file)]))
    const results = await runAll(suites, flags.app, terminal)
    await terminal.out(totalsText(suites, results))
    if (flags.junit !== undefined) {
      const { junitText } = require('../../detections/report/junit') as typeof import('../../detections/report/junit')
      writeFileSync(flags.junit, junitText(suites, results))
    }
    return exitCode(suites, results, terminal)
  },
})

/** One after another, those over the same events together; told file by file. */
async function runAll(suites: readonly Suite[], apps: readonly string[], terminal: Terminal): Promise<readonly CaseResult[]> {
  const { createSearchHead } = require('../../search/main') as typeof import('../../search/main')
  const { caseRunner } = require('../../detections/run') as typeof import('../../detections/run')
  const { suiteText } = require('../../detections/report/text') as typeof import('../../detections/report/text')
  const interrupted = terminal.interrupted()
  const all: CaseResult[] = []
  const run = caseRunner(
    suites.flatMap((s) => s.cases),
    (options) => createSearchHead({ ...options, appFolders: apps }),
  )
  let current = ''
  const line = new StatusLine(terminal, () => current)
  try {
    for (const suite of suites) {
      const results: CaseResult[] = []
      for (const one of suite.cases) {
        interrupted.throwIfAborted()
        current = `${one.rule.title}: ${one.test.name}`
        results.push(await run(one))
      }
      line.clear()
      await terminal.out(suiteText(suite, results))
      all.push(...results)
    }
  } finally {
    line.stop()
  }
  return all
}

function exitCode(suites: readonly Suite[], results: readonly CaseResult[], terminal: Terminal): number {
  const { totalsOf } = require('../../detections/report/totals') as typeof import('../../detections/report/totals')
  const { failed, broken } = totalsOf(suites, results)
  if (broken > 0) return 2
  if (results.length > 0) return failed > 0 ? 1 : 0
  terminal.err('headstand: there is no test\n')
  return 2
}
