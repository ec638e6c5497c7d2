import { writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { Bench, type Row } from './bench'
import { compared, type Entry, entryOf, keep, lastKept } from './history'
import type { Result } from './measure'
import { catalogue } from './rows/catalogue'
import { countBy } from './rows/count-by'
import { growth } from './rows/growth'
import { ingest, ingestReal } from './rows/ingest'
import { json } from './rows/json'
import { rule } from './rows/rule'
import { rules } from './rows/rules'
import { idle, starts } from './rows/starts'
import { terms } from './rows/terms'
import { markdown, missedFloors } from './table'

const ROWS: readonly Row[] = [starts, idle, ingest, ingestReal, ...terms, rule, countBy, json, rules, catalogue, growth]

const USAGE = `usage: npm run bench -- [--quick | --full] [--row NAME]… [--json FILE] [--keep] [--strict]

  --quick      50,000 events (what it does without being told)
  --full       500,000 events
  --row NAME   only this row: ${ROWS.filter((r) => !r.asked)
    .map((r) => r.name)
    .join(', ')};
               and what is run only so: growth (ten times as many events: minutes, and with --full 2.3 GB of disk)
  --json FILE  writes the figures
  --keep       adds them to bench/history.ndjson
  --strict     exit code 1 where a floor is missed
`
const SIZES = { quick: { events: 50_000, runs: 5 }, full: { events: 500_000, runs: 5 } }

/**
 * Measures ours beside other tools, in one run on one machine.
 * @returns exit code: 1 where a row failed or, with --strict, missed a floor; 2 where the arguments are wrong
 */
export async function main(argv: readonly string[]): Promise<number> {
  let flags: ReturnType<typeof readFlags>
  try {
    flags = readFlags(argv)
  } catch (e) {
    process.stderr.write(`${(e as Error).message}\n\n${USAGE}`)
    return 2
  }
  const { events, runs } = SIZES[flags.full ? 'full' : 'quick']
  const bench = new Bench(events, runs, (text) => process.stderr.write(`  ${text}\n`))
  const { results, failed } = await measured(bench, flags.rows)
  report(bench.root, entryOf(bench.root, events, results), flags)
  const missed = missedFloors(results)
  process.stdout.write(`\nFloors missed: ${missed.join('; ') || 'none'}\n`)
  if (failed.length > 0) process.stderr.write(`failed: ${failed.join(', ')}\n`)
  return failed.length > 0 || (flags.strict && missed.length > 0) ? 1 : 0
}

function readFlags(argv: readonly string[]) {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      quick: { type: 'boolean' },
      full: { type: 'boolean' },
      row: { type: 'string', multiple: true },
      json: { type: 'string' },
      keep: { type: 'boolean' },
      strict: { type: 'boolean' },
    },
  })
  if (values.quick && values.full) throw new Error('--quick and --full exclude each other')
  const wanted = values.row
  const unknown = wanted?.find((name) => !ROWS.some((r) => r.name === name))
  if (unknown !== undefined) throw new Error(`there is no row '${unknown}'`)
  return {
    full: values.full === true,
    rows: wanted ? ROWS.filter((r) => wanted.includes(r.name)) : ROWS.filter((r) => !r.asked),
    json: values.json,
    keep: values.keep === true,
    strict: values.strict === true,
  }
}

interface Measured {
  readonly results: readonly Result[]
  readonly failed: readonly string[]
}

/** A row that fails does not take the others with it. */
async function measured(bench: Bench, rows: readonly Row[]): Promise<Measured> {
  const results: Result[] = []
  const failed: string[] = []
  try {
    for (const row of rows) {
      try {
        results.push(...(await row.measure(bench)))
      } catch (error) {
        failed.push(row.name)
        bench.say(`${row.name} failed: ${(error as Error).stack}`)
      }
    }
  } finally {
    await bench.close()
  }
  return { results, failed }
}

function report(root: string, entry: Entry, flags: { readonly json: string | undefined; readonly keep: boolean }): void {
  process.stdout.write(`${entry.size} events, ${entry.cpu}, Node ${entry.node}, commit ${entry.commit}\n\n${markdown(entry.results)}\n`)
  const before = lastKept(root, entry.size)
  if (before) process.stdout.write(`\n${compared(entry.results, before)}\n`)
  if (flags.json !== undefined) writeFileSync(flags.json, `${JSON.stringify(entry, undefined, 2)}\n`)
  if (flags.keep) keep(root, entry)
}
