import { join, relative } from 'node:path'
import { type CaseResult, checkCase, selectCases, summary } from '../support/spec'

const { ready, waiting, held } = selectCases([__dirname])
const results: CaseResult[] = []

describe('spec cases', () => {
  test.each(ready.map((c) => [`${relative(join(__dirname), c.file)}: ${c.id}`, c] as const))('%s', async (_name, c) => {
    const r = await checkCase(c, false)
    results.push(r)
    if (r.failure) throw new Error(`${c.why}\n${c.search}\n${r.failure}`)
  })
  afterAll(() => {
    process.stdout.write(`${summary(results, waiting, held.length).join('\n')}\n`)
  })
})
