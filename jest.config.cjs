const { existsSync } = require('node:fs')
const { join } = require('node:path')

/**
 * One project per folder of test/. A project looks only into its own folder: seven maps of the whole repository would
 * cost more than most test files. `process` holds the slow tests, which start dist/ as real processes.
 */
const folders = ['unit', 'properties', 'rest', 'contract', 'spec', 'process']

const project = (name) => ({
  displayName: name,
  rootDir: __dirname,
  roots: [`<rootDir>/test/${name}`],
  testMatch: ['**/*.test.ts'],
  testEnvironment: 'node',
  transform: { '^.+\\.(ts|mjs)$': '@swc/jest' },
  moduleFileExtensions: ['ts', 'mjs', 'cjs', 'js', 'json', 'node'],
  setupFiles: name === 'properties' ? ['<rootDir>/test/support/seed.cjs'] : [],
})

module.exports = {
  projects: folders.filter((name) => existsSync(join(__dirname, 'test', name))).map(project),
  reporters: ['./test/support/reporter.cjs'],
  // Of all projects: a project has none of its own. Generous, since CI shares its two cores; real processes take longest.
  testTimeout: 60_000,
  maxWorkers: 2,
  watchman: false,
  verbose: false, // else Jest prints the console of a single file beside the reporter
}
