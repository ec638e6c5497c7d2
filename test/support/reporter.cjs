const { relative } = require('node:path')
const Stuck = require('./stuck.cjs')

/**
 * Prints one line a test file, what failed in full, and at the very end one line alone, `N passed, N failed` (and
 * `, N skipped` where some were), which CI reads. Jest's own summary would come after it, so the config leaves that out.
 * A test file that could not be run counts as one failed test; a run in which no test ran, or a file never ends, fails.
 */
class Reporter {
  constructor(globalConfig) {
    this.root = globalConfig.rootDir
    this.stuck = new Stuck(print, (files) => this.giveUp(files))
    this.counts = { passed: 0, failed: 0 }
  }

  onTestFileStart({ path }) {
    this.stuck.started(relative(this.root, path))
  }
  onTestCaseStart({ path }, { fullName }) {
    this.stuck.testStarted(relative(this.root, path), fullName)
  }

  onTestResult(test, result) {
    const failed = result.numFailingTests > 0 || result.testExecError !== undefined
    const name = test.context.config.displayName?.name ?? ''
    const seconds = (result.perfStats.runtime / 1000).toFixed(1)
    const count = result.numPassingTests + result.numFailingTests
    this.stuck.ended(relative(this.root, result.testFilePath))
    this.counts.passed += result.numPassingTests
    this.counts.failed += result.numFailingTests + (result.testExecError ? 1 : 0)
    print(`${failed ? 'FAIL' : 'ok  '} ${name.padEnd(10)} ${relative(this.root, result.testFilePath)} (${count} tests, ${seconds} s)`)
    for (const entry of result.console ?? []) print(indented(entry.message))
    if (result.failureMessage) print(result.failureMessage)
  }

  giveUp(files) {
    print('\nDid not end:')
    for (const { file, test } of files) print(`  ${file}: ${test}`)
    print(`\n${this.counts.passed} passed, ${this.counts.failed + files.length} failed`)
  }

  onRunComplete(_contexts, results) {
    this.stuck.stop()
    const passed = results.numPassedTests
    const failed = results.numFailedTests + results.numRuntimeErrorTestSuites
    const skipped = results.numPendingTests + results.numTodoTests
    if (failed > 0) print('\nFailed:')
    for (const file of results.testResults) this.listFailures(file)
    if (passed + failed === 0) this.error = new Error('no test ran')
    if (this.error) print(this.error.message)
    if (failed === 0 && results.snapshot.failure) print('There are obsolete or unmatched snapshots: the run fails.')
    print(`\n${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`)
  }

  listFailures(file) {
    const path = relative(this.root, file.testFilePath)
    if (file.testExecError) print(`  ${path}: could not be run`)
    for (const one of file.testResults) if (one.status === 'failed') print(`  ${path}: ${one.fullName}`)
  }

  getLastError() {
    return this.error
  }
}

function print(text) {
  process.stdout.write(`${text}\n`)
}

function indented(text) {
  return text
    .trimEnd()
    .split('\n')
    .map((line) => `     ${line}`)
    .join('\n')
}

module.exports = Reporter
