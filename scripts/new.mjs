/**
 * `npm run new KIND NAME`: the files of a new definition, to be filled in. What is left empty, test/contract/catalogues.test.ts
 * names.
 */
import { existsSync, mkdirSync, realpathSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const fileName = (name) => name.toLowerCase().replaceAll('_', '-')

const command = (name) => `import { command } from '../syntax/command'
import { field, list } from '../syntax/shapes'

export default command({
  name: '${name}',
  summary: '',
  source: '',
  kind: 'distributable streaming',
  syntax: { fields: list(field) },
  needs: (_args, after) => after,
  map: () => (batch) => batch,
  examples: [],
})
`

const evalFunction = (name) => `import { evalFunction, text } from '../expressions/function'

export default evalFunction({
  name: '${name}',
  summary: '',
  source: '',
  params: [text],
  returns: 'text',
  examples: [],
  call: (s) => s,
})
`

const statistic = (name) => `import { sum } from '../operators/cells'
import { statistic } from '../operators/statistic'

export default statistic({
  name: '${name}',
  summary: '',
  source: '',
  takes: 'numbers',
  cells: { total: sum },
  add(c, groups, x, n) {
    const total = c.total.of
    for (let i = 0; i < n; i++) total[groups[i]!]! += x[i]!
  },
  value: (c, g) => c.total.of[g]!,
  examples: [],
})
`

const endpoint = (name) => `import { endpoint } from '../endpoint'

export default endpoint({
  method: 'GET',
  path: '${name.replaceAll('-', '/')}',
  summary: '',
  source: '',
  params: {},
  unknown: 'refuse',
  handle: () => ({ status: 200, xml: () => '', json: () => ({}) }),
})
`

const endpointTest = (name) => `import { asAdmin, type TestServer, testServer } from '../support/served-head'

let server: TestServer
beforeAll(async () => {
  server = await testServer()
})
afterAll(() => server.close())

test('the wire shape, literally', async () => {
  const { status, text } = await asAdmin(server.app).get('/services/${name.replaceAll('-', '/')}')
  expect([status, text]).toEqual([200, 'as Splunk answers'])
})
`

const cli = (name) => `import { cliCommand } from '../cli-command'

export default cliCommand({
  name: '${name}',
  summary: '',
  flags: {},
  examples: [],
  async run({ terminal }) {
    await terminal.out('')
    return 0
  },
})
`

const cases = (name, search) => `- id: ${name}-does
  topic: ${name}
  source: ''
  why: ''
  search: |-
    | makeresults | ${search}
  expect:
    rows: []
- id: ${name}-refuses
  topic: ${name}
  source: ''
  why: ''
  search: |-
    | makeresults | ${search}
  expect: {error: true}
`

/** Kind → the files of a new definition of that name, by their paths from the root. */
const KINDS = {
  command: (name) => ({
    [`spl/commands/${fileName(name)}.ts`]: command(name),
    [`test/spec/commands/${fileName(name)}.yaml`]: cases(fileName(name), `${name} host`),
  }),
  function: (name) => ({
    [`spl/functions/${fileName(name)}.ts`]: evalFunction(name),
    [`test/spec/functions/${fileName(name)}.yaml`]: cases(fileName(name), `eval x=${name}("a")`),
  }),
  statistic: (name) => ({
    [`spl/aggregations/${fileName(name)}.ts`]: statistic(name),
    [`test/spec/aggregations/${fileName(name)}.yaml`]: cases(fileName(name), `stats ${name}(x)`),
  }),
  endpoint: (name) => ({
    [`server/endpoints/${fileName(name)}.ts`]: endpoint(name),
    [`test/rest/${fileName(name)}.test.ts`]: endpointTest(name),
  }),
  cli: (name) => ({ [`cli/commands/${fileName(name)}.ts`]: cli(name) }),
}

export const kinds = Object.keys(KINDS)

/**
 * The files of a new definition, by their paths from the root.
 * @throws Error for a kind that is not there, or a name that no definition can have
 */
export function scaffold(kind, name) {
  if (!Object.hasOwn(KINDS, kind)) throw new Error(`usage: npm run new ${kinds.join('|')} NAME`)
  if (!/^[a-z][a-z0-9]*([_-][a-z0-9]+)*$/.test(name ?? '')) throw new Error(`'${name ?? ''}' is no name: small letters, digits, _ and -`)
  return KINDS[kind](name)
}

/**
 * Writes them.
 * @throws Error where one of the files is there already; none is written then
 */
export function create(root, kind, name) {
  const files = Object.entries(scaffold(kind, name))
  const there = files.find(([path]) => existsSync(join(root, path)))
  if (there) throw new Error(`${there[0]} is there already`)
  for (const [path, text] of files) {
    mkdirSync(dirname(join(root, path)), { recursive: true })
    writeFileSync(join(root, path), text)
  }
  return files.map(([path]) => path)
}

function main() {
  const root = join(dirname(fileURLToPath(import.meta.url)), '..')
  try {
    for (const path of create(root, process.argv[2], process.argv[3])) console.log(path)
    console.log('Fill in summary, source, examples and cases; then `npm run docs`.')
  } catch (error) {
    console.error(error.message)
    process.exitCode = 2
  }
}

if (process.argv[1] && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) main()
