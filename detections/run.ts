import { takeFile } from '../search/event-files/take-file'
import type { Job, JobStatus, Rows, SearchHead } from '../search/head'
import { implied } from '../search/read'
import { type Problem, SplProblem } from '../spl/text/problem'
import { excerpt } from '../spl/text/source'
import type { Case, Given } from './case'
import { differences } from './compare'
import type { Rule } from './rule'

export type Outcome =
  | { readonly status: 'passed' }
  /** Why, line by line. */
  | { readonly status: 'failed'; readonly why: readonly string[] }
  /** The test could not be run. */
  | { readonly status: 'broken'; readonly why: readonly string[] }

export interface CaseResult {
  readonly rule: Rule
  readonly test: Case
  readonly outcome: Outcome
  readonly seconds: number
}

/** Makes an empty search head, with this time as its own. */
export type MakeHead = (options: { readonly now?: number }) => Promise<SearchHead>

/** Runs a test of a rule over a fresh head. */
export async function runCase(rule: Rule, test: Case, makeHead: MakeHead): Promise<CaseResult> {
  const since = performance.now()
  const outcome = await outcomeOf(rule, test, makeHead).catch((error: unknown) => broken(rule, error))
  return { rule, test, outcome, seconds: (performance.now() - since) / 1000 }
}

async function outcomeOf(rule: Rule, test: Case, makeHead: MakeHead): Promise<Outcome> {
  const head = await makeHead(test.now === undefined ? {} : { now: test.now })
  try {
    for (const given of test.given) await take(head, given)
    const job = await start(head, rule, test)
    const status = await job.finished()
    if (status.state === 'FAILED') return failedJob(rule, status)
    const why = differences(test.expect, await rowsOf(job))
    return why.length === 0 ? { status: 'passed' } : { status: 'failed', why: [...why, ...warnings(status)] }
  } finally {
    await head.close()
  }
}

/** An event written into the test is one event, whatever its lines. */
async function take(head: SearchHead, given: Given): Promise<void> {
  if ('file' in given) {
    await takeFile(head, { name: given.file }, { override: given.origin })
    return
  }
  const event = {
    index: 'main',
    host: head.serverName,
    source: 'test',
    sourcetype: 'test',
    time: undefined,
    ...given.origin,
    raw: given.event,
  }
  const indexes = await head.indexes()
  if (!indexes.some(({ name }) => name === event.index)) await head.createIndex(event.index)
  await head.ingest([event])
}

function start(head: SearchHead, rule: Rule, test: Case): Promise<Job> {
  const own: Pick<Rule, 'earliest' | 'latest'> = test.now === undefined ? {} : rule
  const earliest = test.earliest ?? own.earliest
  const latest = test.latest ?? own.latest
  return head.start({
    search: implied(rule.search),
    ...(earliest !== undefined && { earliest }),
    ...(latest !== undefined && { latest }),
    owner: 'admin',
    app: 'search',
    indexesAllowed: ['*', '_*'],
    indexesDefault: ['*'],
    ttlSeconds: 600,
    maxCount: Number.MAX_SAFE_INTEGER,
    maxTimeSeconds: 0,
    preview: false,
    origin: 'test',
    echo: {},
  })
}

const rowsOf = (job: Job): Promise<Rows> => job.rows({ kind: 'results', offset: 0, count: 0 })

function broken(rule: Rule, error: unknown): Outcome {
  if (error instanceof SplProblem) return { status: 'broken', why: problemLines(rule, error.problem) }
  if (error instanceof TypeError || error instanceof RangeError) throw error
  return { status: 'broken', why: [error instanceof Error ? error.message : String(error)] }
}

const isError = ({ severity }: Problem): boolean => severity === 'error' || severity === 'fatal'

const failedJob = (rule: Rule, { messages }: JobStatus): Outcome => ({
  status: 'broken',
  why: messages.filter(isError).flatMap((p) => problemLines(rule, p)),
})

/** What the search said beside its rows often tells why they are others. */
const warnings = ({ messages }: JobStatus): readonly string[] =>
  messages.filter((p) => !isError(p)).map((p) => `${p.severity}: ${p.message}`)

/** The message, and its place underlined in the rule's search. */
function problemLines(rule: Rule, { message, span, hint }: Problem): readonly string[] {
  const before = implied(rule.search).length - rule.search.length
  const at = (place: number) => Math.min(rule.search.length, Math.max(0, place - before))
  const place = span ? excerpt(rule.search, { start: at(span.start), end: at(span.end) }).split('\n') : []
  return [message, ...place, ...(hint ? [hint] : [])]
}
