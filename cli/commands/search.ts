import type { OutputFormat } from '../../output/format'
import { readCatalogue } from '../../search/catalogue'
import type { Job, JobStatus, SearchHead, SearchRequest } from '../../search/head'
import { blocking, implied } from '../../search/read'
import { SplProblem } from '../../spl/text/problem'
import { cliCommand } from '../cli-command'
import { choice, text, texts, UsageError, type Values } from '../flags'
import { eventFlags, headFlags, headOptions, takingOptions, zoneFlag } from '../head-flags'
import { problemText, type Typed } from '../problem-text'
import { takeInputs } from '../search/take-inputs'
import { isStreamed, messagesOf, writeDocument, writeStream } from '../search/write-results'
import { bar, counted, StatusLine } from '../status-line'
import type { Terminal } from '../terminal'

const OUTPUTS = ['table', 'json', 'ndjson', 'csv', 'raw'] as const

const flags = {
  input: texts('FILE', 'a file of events to search in, - for the standard input'),
  db: text('DIR', 'the store to search in', undefined, { env: 'HEADSTAND_DB' }),
  output: choice(OUTPUTS, 'how rows are written', 'table'),
  earliest: text('T', 'from this time on: -24h@h, 2024-05-01T10:00:00, epoch seconds', undefined),
  latest: text('T', 'before this time', undefined),
  tz: zoneFlag,
  ...headFlags,
  ...eventFlags,
}
type SearchFlags = Values<typeof flags>

/** What ends with an exit code, its words said already. */
const IMPOSSIBLE = 2
const INTERRUPTED = 130

export default cliCommand({
  name: 'search',
  summary: 'Runs one search, without a server, over files, over a store or over events that it makes itself.',
  operands: [
    { name: 'SPL', help: 'the search; a leading "search" is implied', least: 1, most: 1 },
    { name: 'FILE', help: 'files of events, as --input', least: 0, most: Number.POSITIVE_INFINITY },
  ],
  flags,
  examples: [
    ["headstand search '| makeresults count=3'", 'events that are made up'],
    ["headstand search 'error | stats count by host' --input app.log", 'over a file'],
    ["zcat events.gz | headstand search 'EventCode=1' -", 'over the standard input'],
    ["headstand search 'index=* | head 5' --db ./store --output ndjson", 'over a store'],
  ],
  async run({ flags, operands: [spl, ...files], terminal }) {
    const inputs = [...flags.input, ...files]
    const db = storeOf(flags.db, inputs)
    const { createSearchHead } = require('../../search/main') as typeof import('../../search/main')
    const head = await createSearchHead({ ...headOptions(flags), ...(db !== undefined && { db }) })
    try {
      return await searchIn(head, { spl: spl!, inputs, flags, terminal })
    } finally {
      await head.close()
    }
  },
})

function storeOf(db: string | undefined, inputs: readonly string[]): string | undefined {
  if (inputs.length === 0) return db
  if (db !== undefined) throw new UsageError('--db and files exclude each other: "headstand ingest" reads files into a store')
  return undefined
}

interface Asked {
  readonly spl: string
  readonly inputs: readonly string[]
  readonly flags: SearchFlags
  readonly terminal: Terminal
}

async function searchIn(head: SearchHead, { spl, inputs, flags, terminal }: Asked): Promise<number> {
  const search = implied(spl)
  const typed: Typed = { text: spl, implied: search.length - spl.length }
  const signal = terminal.interrupted()
  try {
    if (inputs.length > 0) {
      // A slip in the search is said before large files are read.
      const wrong = blocking(await head.check(search, 'admin', 'search'))
      if (wrong) throw new SplProblem(wrong)
      await takeInputs(head, inputs, { ...takingOptions(flags), signal }, terminal)
    }
    const job = await head.start(request(search, flags))
    signal.addEventListener('abort', () => void job.control({ action: 'cancel' }).catch(() => undefined), { once: true })
    return await written(job, { format: formatOf(flags.output), timeZone: flags.tz, terminal }, { signal, typed })
  } catch (error) {
    if (signal.aborted) return INTERRUPTED
    if (!(error instanceof SplProblem)) throw error
    terminal.err(problemText(error.problem, typed))
    return IMPOSSIBLE
  }
}

const request = (search: string, { earliest, latest, tz }: SearchFlags): SearchRequest => ({
  search,
  ...(earliest !== undefined && { earliest }),
  ...(latest !== undefined && { latest }),
  owner: 'admin',
  app: 'search',
  indexesAllowed: ['*', '_*'],
  // DIFFERS: Splunk's admin searches main alone when a search names no index; who runs one over his files means all that they hold.
  indexesDefault: ['*'],
  timeZone: tz,
  ttlSeconds: 600,
  maxCount: Number.MAX_SAFE_INTEGER,
  maxTimeSeconds: 0,
  preview: false,
  origin: 'cli',
  echo: {},
})

function formatOf(name: string): OutputFormat {
  const formats = readCatalogue('outputs').map(({ definition }) => definition as OutputFormat)
  return formats.find((f) => f.name === name)!
}

async function written(
  job: Job,
  writing: { readonly format: OutputFormat; readonly timeZone: string; readonly terminal: Terminal },
  { signal, typed }: { readonly signal: AbortSignal; readonly typed: Typed },
): Promise<number> {
  const { terminal } = writing
  const line = new StatusLine(terminal, () => progressText(job.status()))
  let note: string | undefined
  let status: JobStatus
  try {
    if (isStreamed(writing.format)) await writeStream(job, writing, signal)
    status = await job.finished(signal)
    line.stop()
    if (signal.aborted) return INTERRUPTED
    if (status.state !== 'FAILED' && !isStreamed(writing.format)) note = await writeDocument(job, messagesOf(status), writing)
  } finally {
    line.stop()
  }
  for (const problem of status.messages) terminal.err(problemText(problem, typed))
  if (note) terminal.err(`info: ${note}\n`)
  return status.state === 'FAILED' ? IMPOSSIBLE : 0
}

const progressText = ({ doneProgress, scanCount, eventCount, resultCount }: JobStatus): string =>
  `${bar(doneProgress)}  ${counted(scanCount, 'event')} scanned, ${counted(eventCount, 'match', 'matches')}, ${counted(resultCount, 'row')}`
