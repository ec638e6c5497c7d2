import { takeFile } from '../search/event-files/take-file'
import type { ManyResult, SearchHead, SearchRequest } from '../search/head'
import type { InProcessHead } from '../search/main'
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
export type MakeHead = (options: { readonly now?: number }) => Promise<InProcessHead>

/** A test and the rule that it is of. */
export interface RuleCase {
  readonly rule: Rule
  readonly test: Case
}

/**
 * Ready to run tests of rules, each when it is asked for. Tests over the same events share one head: it takes the events once and reads
 * them once for all of their rules, when the first of them is asked for.
 */
export function caseRunner(cases: readonly RuleCase[], makeHead: MakeHead): (one: RuleCase) => Promise<CaseResult> {
  const groups = new Map<string, RuleCase[]>()
  const keyOf = ({ test }: RuleCase) => JSON.stringify([test.given, test.now])
  for (const one of cases) {
    const key = keyOf(one)
    const group = groups.get(key)
    if (group) group.push(one)
    else groups.set(key, [one])
  }
  const runs = new Map<string, Promise<ReadonlyMap<RuleCase, CaseResult>>>()
  return async (one) => {
    const key = keyOf(one)
    let run = runs.get(key)
    if (!run) runs.set(key, (run = runGroup(groups.get(key)!, makeHead)))
    return (await run).get(one)!
  }
}

async function runGroup(group: readonly RuleCase[], makeHead: MakeHead): Promise<ReadonlyMap<RuleCase, CaseResult>> {
  const since = performance.now()
  const outcomes = await outcomesOf(group, makeHead).catch((error: unknown) => group.map(({ rule }) => broken(rule, error)))
  const seconds = (performance.now() - since) / 1000 / group.length
  return new Map(group.map((one, i) => [one, { ...one, outcome: outcomes[i]!, seconds }]))
}

async function outcomesOf(group: readonly RuleCase[], makeHead: MakeHead): Promise<readonly Outcome[]> {
  const { now, given } = group[0]!.test
  const head = await makeHead(now === undefined ? {} : { now })
  try {
    for (const g of given) await take(head, g)
    const results = await head.many(
      group.map(({ rule, test }) => requestOf(rule, test)),
      { rows: Number.MAX_SAFE_INTEGER },
    )
    return results.map((result, i) => outcomeOf(group[i]!, result))
  } finally {
    await head.close()
  }
}

function outcomeOf({ rule, test }: RuleCase, result: ManyResult): Outcome {
  if (result.state === 'FAILED') return failedSearch(rule, result)
  const why = differences(test.expect, result.rows)
  return why.length === 0 ? { status: 'passed' } : { status: 'failed', why: [...why, ...warnings(result)] }
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

function requestOf(rule: Rule, test: Case): SearchRequest {
  const own: Pick<Rule, 'earliest' | 'latest'> = test.now === undefined ? {} : rule
  const earliest = test.earliest ?? own.earliest
  const latest = test.latest ?? own.latest
  return {
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
  }
}

function broken(rule: Rule, error: unknown): Outcome {
  if (error instanceof SplProblem) return { status: 'broken', why: problemLines(rule, error.problem) }
  if (error instanceof TypeError || error instanceof RangeError) throw error
  return { status: 'broken', why: [error instanceof Error ? error.message : String(error)] }
}

const isError = ({ severity }: Problem): boolean => severity === 'error' || severity === 'fatal'

const failedSearch = (rule: Rule, { messages }: ManyResult): Outcome => ({
  status: 'broken',
  why: messages.filter(isError).flatMap((p) => problemLines(rule, p)),
})

/** What the search said beside its rows often tells why they are others. */
const warnings = ({ messages }: ManyResult): readonly string[] =>
  messages.filter((p) => !isError(p)).map((p) => `${p.severity}: ${p.message}`)

/** The message, and its place underlined in the rule's search. */
function problemLines(rule: Rule, { message, span, hint }: Problem): readonly string[] {
  const before = implied(rule.search).length - rule.search.length
  const at = (place: number) => Math.min(rule.search.length, Math.max(0, place - before))
  const place = span ? excerpt(rule.search, { start: at(span.start), end: at(span.end) }).split('\n') : []
  return [message, ...place, ...(hint ? [hint] : [])]
}
