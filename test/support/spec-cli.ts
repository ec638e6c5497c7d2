import { relative } from 'node:path'
import { type CaseResult, checkCase, selectCases, summary } from './spec'

/** `npm run spec -- PATH… [--full]`: runs case files or folders; exit 1 on a failure. */
export async function main(argv: readonly string[]): Promise<number> {
  const full = argv.includes('--full')
  const paths = argv.filter((a) => !a.startsWith('--'))
  const { ready, waiting, held } = selectCases(paths.length > 0 ? paths : ['test/spec'])
  const results: CaseResult[] = []
  for (const c of ready) {
    const r = await checkCase(c, full).catch(
      (e: unknown): CaseResult => ({
        case: c,
        failure: e instanceof Error ? (e.stack ?? e.message) : String(e),
        otherWords: false,
        changed: [],
      }),
    )
    results.push(r)
    if (r.failure)
      process.stdout.write(
        `FAIL ${r.case.id} (${relative(process.cwd(), c.file)})\n  ${c.search.replace(/\n/g, '\n  ')}\n  ${r.failure.replace(/\n/g, '\n  ')}\n`,
      )
    else if (r.otherWords && argv.includes('--words')) process.stdout.write(`words ${r.case.id}\n`)
  }
  for (const line of summary(results, waiting, held.length)) process.stdout.write(`${line}\n`)
  const failed = results.filter((r) => r.failure).length
  process.stdout.write(`${results.length - failed} passed, ${failed} failed\n`)
  return failed > 0 || results.length === 0 ? 1 : 0
}
