import { executeSearch } from '../../search/execute'
import type { Execution } from '../../search/execution'
import type { Rows } from '../../search/head'
import { type JobMessage, newControl } from '../../search/jobs/message'
import { joined, tableOf } from '../../search/jobs/rows'
import { LIMITS } from '../../search/limits'
import { implied } from '../../search/read'
import type { Batch } from '../../spl/batch/batch'
import { alive } from '../../spl/batch/batch'
import { decodeBatch, decodeState, encodeBatch, encodeState } from '../../spl/batch/codec'
import type { Language } from '../../spl/language'
import type { Problem } from '../../spl/text/problem'
import { excerpt } from '../../spl/text/source'
import type { Expect, ExpectedCell, SpecCase } from './spec-case'
import { type CaseStores, caseKnowledge } from './spec-store'

/** One way to run a case; the answer is the same whatever the way. */
export interface Setting {
  readonly batchRows: 1 | 3 | 1024
  readonly optimize: boolean
  readonly tasks: 1 | 3
  readonly storage: 'tail' | 'sealed'
}

/** Every pair of values of two settings stands in one of these. */
export const PAIRS: readonly Setting[] = [
  { batchRows: 1024, optimize: true, tasks: 1, storage: 'sealed' },
  { batchRows: 1, optimize: true, tasks: 1, storage: 'tail' },
  { batchRows: 1, optimize: false, tasks: 3, storage: 'sealed' },
  { batchRows: 3, optimize: true, tasks: 3, storage: 'sealed' },
  { batchRows: 3, optimize: false, tasks: 1, storage: 'tail' },
  { batchRows: 1024, optimize: false, tasks: 3, storage: 'tail' },
]
export const PRODUCT: readonly Setting[] = ([1, 3, 1024] as const).flatMap((batchRows) =>
  [true, false].flatMap((optimize) =>
    ([1, 3] as const).flatMap((tasks) => (['tail', 'sealed'] as const).map((storage) => ({ batchRows, optimize, tasks, storage }))),
  ),
)
export const settingText = (s: Setting) =>
  `batch ${s.batchRows}, optimizer ${s.optimize ? 'on' : 'off'}, ${s.tasks} task${s.tasks > 1 ? 's' : ''}, ${s.storage}`

/** What a run gave, and what really happened in it. */
export interface Outcome {
  readonly rows: Rows
  readonly problem: Problem | undefined
  /** Warnings and notes. */
  readonly messages: readonly Problem[]
  /** Batches scanned by each task, and the plan as text: by these is told whether a setting changed anything. */
  readonly batches: readonly number[]
  readonly plan: string
}

const DEFAULT_NOW = 1_700_000_000

/** Runs a case in one setting. */
export async function runCase(c: SpecCase, s: Setting, language: Language, stores: CaseStores): Promise<Outcome> {
  const store = c.given?.events ? await stores.get(c, s.storage) : undefined
  const tables: Rows[] = []
  const batches = Array.from({ length: s.tasks }, () => 0)
  let problem: Problem | undefined
  const messages: Problem[] = []
  let plan = ''
  const x: Execution = {
    sid: 'spec',
    request: {
      search: implied(c.search),
      owner: 'admin',
      app: 'search',
      indexesAllowed: ['*', '_*'],
      indexesDefault: ['main'],
      ttlSeconds: 60,
      maxCount: 0,
      maxTimeSeconds: 0,
      preview: false,
      origin: 'spec',
      echo: {},
    },
    now: c.now ?? DEFAULT_NOW,
    language,
    knowledge: caseKnowledge(c),
    reader: store?.reader,
    indexes: store?.indexes ?? [],
    serverName: 'headstand',
    guid: '11111111-1111-1111-1111-111111111111',
    limits: { ...LIMITS, batchRows: s.batchRows, events: 0 },
    words: newControl(),
    sink: { write: async (_spool, b: Batch) => void tables.push(tableOf(b, 0, alive(b))), close: async () => {} },
    ways: {
      optimize: s.optimize,
      tasks: s.tasks,
      carry: { batch: (b) => decodeBatch(encodeBatch(b, b.names())), state: (st) => decodeState(encodeState(st)) },
      planned: (p) => {
        plan = JSON.stringify([p.fragment, p.rest])
      },
      scannedBatch: (task) => {
        batches[task]!++
      },
    },
    send: (m: JobMessage) => {
      if (m.type === 'failed') problem = m.problem
      else if (m.type === 'message') messages.push(m.problem)
    },
  }
  let crash = ''
  await executeSearch(x, (text) => {
    crash = text
  })
  if (crash) throw new Error(crash)
  return { rows: tables.length === 0 ? { fields: [], rows: [] } : joined(tables), problem, messages, batches, plan }
}

/** What differs between an outcome and what the case expects; undefined when nothing does. */
export function difference(c: SpecCase, o: Outcome): string | undefined {
  if ('error' in c.expect) return refusalDifference(c.expect, o) ?? placeDifference(c, c.expect.at, o.problem)
  if (o.problem) {
    const at = o.problem.span ? `\n${excerpt(c.search, o.problem.span)}` : ''
    return `refused: ${o.problem.message} (${o.problem.code})${at}`
  }
  return rowsDifference(c.expect, o.rows) ?? messagesDifference(c.expect.messages ?? [], o.messages)
}

/** Codes that never are the refusal that a case asks for, unless it says so. */
const GAPS = ['unknown-command', 'eval-function', 'stats-function', 'not-supported', 'not-supported-setup', 'internal']

function refusalDifference(e: Extract<Expect, { error: true }>, o: Outcome): string | undefined {
  if (!o.problem) return `expected a refusal${e.message ? ` (${e.message})` : ''}, got rows ${JSON.stringify(records(o.rows, new Set()))}`
  const named = e.message !== undefined && o.problem.message.includes(e.message)
  if (GAPS.includes(o.problem.code) && !named) return `refused for another reason: ${o.problem.message} (${o.problem.code})`
  return undefined
}

function placeDifference(c: SpecCase, at: string | undefined, p: Problem | undefined): string | undefined {
  const got = p?.span ? implied(c.search).slice(p.span.start, p.span.end) : undefined
  return at === undefined || at === got ? undefined : `expected the place '${at}', got ${got === undefined ? 'none' : `'${got}'`}`
}

function messagesDifference(parts: readonly string[], messages: readonly Problem[]): string | undefined {
  const missing = parts.find((part) => !messages.some(({ message }) => message.includes(part)))
  return missing === undefined
    ? undefined
    : `expected the message '${missing}', got ${JSON.stringify(messages.map(({ message }) => message))}`
}

/** Whether a refusal passed in words other than the case's: counted apart. */
export const otherWords = (c: SpecCase, o: Outcome): boolean =>
  'error' in c.expect && c.expect.message !== undefined && o.problem !== undefined && !o.problem.message.includes(c.expect.message)

type Row = Readonly<Record<string, ExpectedCell>>

function rowsDifference(e: Extract<Expect, { rows: readonly Row[] }>, rows: Rows): string | undefined {
  const named = new Set([...e.rows.flatMap((r) => Object.keys(r)), ...(e.fields ?? [])].filter((f) => f.startsWith('_')))
  const got = records(rows, named)
  const [wanted, have] = e.order === 'any' ? [sorted(e.rows), sorted(got)] : [e.rows.map(canonical), got.map(canonical)]
  if (JSON.stringify(wanted) !== JSON.stringify(have)) return `expected ${show(e.rows)}\n     got ${show(got)}`
  const fields = rows.fields.filter((f) => !f.startsWith('_') || named.has(f))
  if (e.fields && JSON.stringify(e.fields) !== JSON.stringify(fields))
    return `expected the fields ${e.fields.join(', ')}\n               got ${fields.join(', ')}`
  return undefined
}

/** Nulls are left out, and internal fields that the case does not name. */
function records(rows: Rows, named: ReadonlySet<string>): Row[] {
  return rows.rows.map((r) => {
    const record: Record<string, ExpectedCell> = {}
    rows.fields.forEach((f, i) => {
      const v = r[i]
      if (v !== null && v !== undefined && (!f.startsWith('_') || named.has(f))) record[f] = v
    })
    return record
  })
}

/** Cells as texts (YAML may have read a number), keys in byte order. */
function canonical(r: Row): [string, ExpectedCell][] {
  const cell = (v: unknown): ExpectedCell => (Array.isArray(v) ? v.map(String) : String(v))
  return Object.entries(r)
    .map(([k, v]) => [k, cell(v)] as [string, ExpectedCell])
    .sort(([a], [b]) => (a < b ? -1 : 1))
}
const sorted = (rows: readonly Row[]) => rows.map((r) => JSON.stringify(canonical(r))).sort()
const show = (rows: readonly Row[]) => rows.map((r) => JSON.stringify(r)).join('\n         ') || '(no rows)'
