import type { Knowledge } from '../../knowledge/snapshot'
import { alive, type Batch, rowsOf } from '../../spl/batch/batch'
import { decodeBatch, encodeBatch } from '../../spl/batch/codec'
import type { Language } from '../../spl/language'
import type { Environment } from '../../spl/run/environment'
import type { ScanSource } from '../../spl/run/scan'
import type { Problem } from '../../spl/text/problem'
import type { EventReader, StoreQuery } from '../../storage/event-store'
import { executeSearch } from '../execute'
import type { Execution } from '../execution'
import type { ManyResult, Rows, SearchRequest } from '../head'
import { COMMAND, CONTROL, type JobMessage, newControl } from '../jobs/message'
import { joined, tableOf } from '../jobs/rows'
import { searchKnowledge } from '../knowledge'
import type { Limits } from '../limits'
import type { SearchKnowledge } from '../search-knowledge'
import type { Feed } from './feed'
import { type Participant, SharedScan } from './shared-scan'

/** What many searches run over. */
export interface ManyOver {
  readonly language: Language
  /** Of the app and the user of a request. */
  knowledge(request: SearchRequest, now: number): SearchKnowledge
  readonly reader: EventReader
  readonly indexes: readonly string[]
  readonly serverName: string
  readonly guid: string
  readonly limits: Limits
  /** The clock of requests without one of their own: epoch seconds. */
  readonly now: number
  /** Rows kept of each search, from the first on. */
  readonly rows: number
  /** Cancels all that have not ended. */
  readonly signal?: AbortSignal
  log?(text: string): void
}

/** Of a snapshot, made once for each context. */
export function knowledgeOf(knowledge: Knowledge, language: Language): ManyOver['knowledge'] {
  const known = new Map<string, SearchKnowledge>()
  return ({ app, owner }, now) => {
    const key = JSON.stringify([app, owner, now])
    let found = known.get(key)
    if (!found) known.set(key, (found = searchKnowledge(knowledge, language, { app, user: owner, now })))
    return found
  }
}

/** Starts are long without a wait: after so many milliseconds others get a turn. */
const TURN = 8

/** A search and its number among all that were asked for. */
export interface Numbered {
  readonly request: SearchRequest
  readonly number: number
}

/**
 * Runs many searches, each with the result that it would have alone. Those that read events of the same indexes and time range read them
 * together: terms are looked up once, each block is opened once, and its fields are shared; the others run one after another.
 * @param onResult  told as soon as a search has ended
 */
export async function runMany(
  requests: readonly Numbered[],
  over: ManyOver,
  onResult: (result: ManyResult, number: number) => void,
): Promise<void> {
  const words = newControl()
  const cancel = () => Atomics.store(words, CONTROL.command, COMMAND.cancel)
  if (over.signal?.aborted) cancel()
  over.signal?.addEventListener('abort', cancel, { once: true })
  const all = requests.map(({ request, number }) => new OneOfMany(request, over, { words, number }))
  const keep = async (one: OneOfMany, ended: Promise<ManyResult>) => onResult(await ended, one.number)
  try {
    await runAll(all, over, keep)
  } finally {
    over.signal?.removeEventListener('abort', cancel)
  }
}

type Keep = (one: OneOfMany, ended: Promise<ManyResult>) => Promise<void>
/** Searches that wait to read the same events. */
type Group = { readonly one: OneOfMany; readonly ended: Promise<void> }[]

async function runAll(all: readonly OneOfMany[], over: ManyOver, keep: Keep): Promise<void> {
  const waiting = new Map<string, Group>()
  let turned = performance.now()
  for (const one of all) {
    const ended = keep(one, one.run(true))
    if (one.waits) {
      const list = waiting.get(one.group)
      if (list) list.push({ one, ended })
      else waiting.set(one.group, [{ one, ended }])
    } else await ended
    if (performance.now() - turned > TURN) {
      await new Promise((resolve) => setImmediate(resolve))
      turned = performance.now()
    }
  }
  for (const group of waiting.values()) await readGroup(group, over)
}

async function readGroup(group: Group, over: ManyOver): Promise<void> {
  if (group.length > 1 && over.reader.openMany) {
    await readTogether(
      group.map((g) => g.one),
      over,
    )
    await Promise.all(group.map((g) => g.ended))
    return
  }
  for (const { one, ended } of group) {
    one.begin(undefined)
    await ended
  }
}

async function readTogether(group: readonly OneOfMany[], over: ManyOver): Promise<void> {
  const scan = new SharedScan(
    over.reader,
    group.map((one) => one.asks!),
    group[0]!.knowledge,
  )
  const { feeds } = scan
  for (const [i, one] of group.entries()) one.begin(feeds[i])
  await scan.run()
}

/** One of the searches: what it says is kept, its rows are counted. */
class OneOfMany {
  readonly number: number
  readonly knowledge: SearchKnowledge
  /** What it wants of the store, while it waits for the others. */
  asks: Participant | undefined
  private readonly now: number
  private start: ((source: ScanSource | undefined) => void) | undefined
  private feed: Feed | undefined
  private notShared = false
  private collected = new Collected(0)

  constructor(
    private readonly request: SearchRequest,
    private readonly over: ManyOver,
    private readonly place: { readonly words: Int32Array; readonly number: number },
  ) {
    this.number = place.number
    this.now = request.now ?? over.now
    this.knowledge = over.knowledge(request, this.now)
  }

  get waits(): boolean {
    return this.start !== undefined
  }
  /** Those of one group read the same events with the same knowledge. */
  get group(): string {
    const { indexes, allowed, earliest, latest } = this.asks!.query
    const { app, owner, timeZone } = this.request
    return JSON.stringify([indexes, allowed, String(earliest), String(latest), app, owner, timeZone ?? '', this.now])
  }
  begin(feed: Feed | undefined): void {
    const { start } = this
    this.start = undefined
    this.feed = feed
    start?.(feed && { verify: undefined, read: () => feed.read() })
  }

  async run(together: boolean): Promise<ManyResult> {
    const { over, request, place } = this
    this.collected = new Collected(over.rows)
    const { collected } = this
    const execution: Execution = {
      sid: `many.${place.number}`,
      request: { ...request, preview: false },
      now: this.now,
      language: over.language,
      knowledge: this.knowledge,
      reader: over.reader,
      indexes: over.indexes,
      serverName: over.serverName,
      guid: over.guid,
      limits: { ...over.limits, events: 0 },
      words: place.words,
      sink: collected,
      send: (m) => collected.hear(m),
    }
    const wait = (query: StoreQuery, env: Environment) => {
      this.asks = { query, env, leave: () => (this.notShared = true) }
      return new Promise<ScanSource | undefined>((start) => (this.start = start))
    }
    await executeSearch(together ? { ...execution, together: wait } : execution, (text) => over.log?.(text))
    this.feed?.close()
    return this.notShared && together ? this.run(false) : collected.result()
  }
}

/** What a search says and gives, as far as it is asked for. */
class Collected {
  private readonly tables: Rows[] = []
  private readonly messages: Problem[] = []
  private state: ManyResult['state'] = 'FAILED'
  private eventCount = 0
  private resultCount = 0
  private kept = 0

  constructor(private readonly rows: number) {}

  async write(_spool: 'events' | 'results', b: Batch): Promise<void> {
    const wanted = Math.min(alive(b), this.rows - this.kept)
    if (wanted > 0) {
      const first = b.narrow(rowsOf(b).subarray(0, wanted))
      // Through the form that a job's rows are kept in: it leaves out fields that nothing is known of.
      this.tables.push(tableOf(decodeBatch(encodeBatch(first, first.names())), 0, wanted))
      this.kept += wanted
    }
    this.resultCount += alive(b)
  }
  async close(): Promise<void> {}

  hear(m: JobMessage): void {
    if (m.type === 'progress') this.eventCount = m.eventCount
    else if (m.type === 'done') this.state = 'DONE'
    else if (m.type === 'message' || m.type === 'failed') this.add(m.problem)
  }
  private add(p: Problem): void {
    if (!this.messages.some((m) => m.code === p.code && m.message === p.message)) this.messages.push(p)
  }
  result(): ManyResult {
    const { state, eventCount, resultCount, messages, tables } = this
    return { state, eventCount, resultCount, messages, rows: tables.length > 0 ? joined(tables) : { fields: [], rows: [] } }
  }
}
