/** A scan that several threads do together: what its owner gives away, what a helper sends back. Plain data throughout. */
import { on } from 'node:events'
import type { MessagePort } from 'node:worker_threads'
import { alive, type Batch } from '../spl/batch/batch'
import { encodeBatch, encodeState } from '../spl/batch/codec'
import type { Demand } from '../spl/batch/demand'
import { dictionaries } from '../spl/batch/dictionary'
import { materialise } from '../spl/batch/gather'
import type { Predicate } from '../spl/expressions/predicate'
import type { Language } from '../spl/language'
import type { Fragment } from '../spl/plan/fragment'
import { contexts, type Environment } from '../spl/run/environment'
import { type Scanned, ScanTask, type ScanWatch } from '../spl/run/scan'
import { type Problem, SplProblem } from '../spl/text/problem'
import { fail, problem } from '../spl/text/problems'
import { findZone, UTC } from '../spl/values/time/zone'
import { type ColumnStore, type EventReader, type ScanTask as StoreTask, type TestedList, TextMissing } from '../storage/event-store'
import { type ColumnCache, keptBy } from './columns'
import { COMMAND, CONTROL } from './jobs/message'
import type { Limits } from './limits'
import { joining, pagesOf, type Reading } from './reading'
import type { TimeRange } from './resolve'
import type { SearchKnowledge } from './search-knowledge'

/** Words that the threads of one scan share. */
export const SHARE = {
  /** How many tasks were taken. */
  next: 0,
  /** 0 given away, 1 a helper has begun, 2 taken back: no helper begins any more. */
  state: 1,
  /** Set when a helper is wanted elsewhere: it gives what it has and goes. */
  yield: 2,
  /** Set when the search has ended: nobody wants what a helper has. */
  stop: 3,
  words: 4,
} as const
export const GIVEN = 0
const BEGUN = 1
const TAKEN_BACK = 2

/** What a helper needs to do a part of a scan. */
export interface ScanShare {
  readonly sid: string
  readonly seed: number
  readonly fragment: Fragment
  readonly verify: Predicate | undefined
  readonly tasks: readonly StoreTask[]
  readonly range: TimeRange
  readonly now: number
  readonly timeZone: string
  readonly app: string
  readonly user: string
  readonly serverName: string
  readonly limits: Limits
  /** Whether the search's own fields need the texts of events. */
  readonly readsText: boolean
  /** Fields that do instead of texts, where they are kept. */
  readonly instead: readonly string[] | undefined
  /** Events that are kept for the job, at most, with which fields, and after how many of the maps. */
  readonly events: { readonly most: number; readonly demand: Demand; readonly maps: number }
  /** Of this scan. */
  readonly words: Int32Array
  /** Of the search: cancel, finalize, pause. */
  readonly control: Int32Array
}

type Finding =
  | { readonly scanned: number; readonly matched: number }
  | { readonly state: Uint8Array }
  | { readonly events: Uint8Array }
  | { readonly report: Problem }
  | { readonly tested: readonly TestedList[] }
export type FromHelper = Finding | { readonly failed: Problem } | { readonly textMissing: string } | { readonly ended: true }

/**
 * Tasks that nobody has taken, one after the other: the owner's from the front, the helper's from the back, so that each thread mostly
 * meets the events again of which it keeps something. @param x.goOn  asked before each
 */
export async function* takenPages(
  share: Pick<ScanShare, 'tasks' | 'words'>,
  x: Reading & { readonly from: 'front' | 'back'; readonly goOn: () => boolean },
): AsyncGenerator<Scanned> {
  const { tasks, words } = share
  const at = (own: number) => tasks[x.from === 'front' ? own : tasks.length - 1 - own]
  for (let own = 0; x.goOn() && Atomics.add(words, SHARE.next, 1) < tasks.length; own++) {
    // Rows of tasks to come may be later: this order means nothing, and nobody asks for it.
    for await (const page of pagesOf(at(own)!, x, at(own + 1))) yield { ...page, next: Number.POSITIVE_INFINITY }
  }
}

/** Whether the share is still to be had, for a helper; for its owner, whether one has begun. */
export const begin = (words: Int32Array): boolean => Atomics.compareExchange(words, SHARE.state, GIVEN, BEGUN) === GIVEN
export const takeBack = (words: Int32Array): boolean => Atomics.compareExchange(words, SHARE.state, GIVEN, TAKEN_BACK) === GIVEN

/** A part of a scan in another thread. */
export interface RemoteScan {
  /** What it says, in its order; ends when the thread is gone. */
  messages(): AsyncIterator<FromHelper>
  close(): void
}

/** @param port  to whoever will help */
export function remoteScan(port: MessagePort): RemoteScan {
  async function* messages(): AsyncGenerator<FromHelper> {
    for await (const [m] of on(port, 'message', { close: ['close'] }) as AsyncIterable<[FromHelper]>) yield m
  }
  return { messages, close: () => port.close() }
}

/** Milliseconds between two looks at the search's own commands while its helper is waited for. */
const LOOK = 50

/**
 * What a helper that has begun says, up to its end.
 * @param border  asked while it says nothing: throws when the search is to end, waits while it is paused
 * @throws SplProblem what the helper failed with; Error when its thread was lost
 */
export async function* heard(scan: RemoteScan, border: () => Promise<void> | undefined): AsyncGenerator<Finding> {
  const messages = scan.messages()
  for (;;) {
    const coming = messages.next()
    while (!(await soon(coming))) await border()
    const { value, done } = await coming
    if (done) throw new Error('the thread that helped was lost')
    if ('failed' in value) throw new SplProblem(value.failed)
    if ('textMissing' in value) throw new TextMissing(value.textMissing)
    if ('ended' in value) return
    yield value
  }
}
function soon(coming: Promise<unknown>): Promise<boolean> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, LOOK, false)
    const come = () => {
      clearTimeout(timer)
      resolve(true)
    }
    coming.then(come, come)
  })
}

/** The search has ended, well or badly: no helper begins, and one that is still at it stops. */
export function release(words: Int32Array, scan: RemoteScan): void {
  takeBack(words)
  Atomics.store(words, SHARE.stop, 1)
  scan.close()
}

export interface Helper {
  readonly language: Language
  readonly knowledge: SearchKnowledge
  /** What its thread keeps of fields between searches. */
  readonly columns?: ColumnCache | undefined
  reader(): Promise<EventReader>
  send(m: FromHelper, transfer?: readonly ArrayBuffer[]): void
  /** A turn of the event loop when one is due. */
  turn(): Promise<void> | undefined
  log(text: string): void
}

function failing(e: unknown, log: (text: string) => void): FromHelper {
  if (e instanceof TextMissing) return { textMissing: e.message }
  if (e instanceof SplProblem) return { failed: e.problem }
  log(String(e instanceof Error ? e.stack : e))
  return { failed: problem('internal', {}) }
}

/** Does a part of a scan and sends its state. Never throws. */
export async function runShare(share: ScanShare, h: Helper): Promise<void> {
  if (!begin(share.words)) return
  const columns = h.columns?.of(h.knowledge.extraction)
  let store: ColumnStore | undefined
  let tested: (() => readonly TestedList[]) | undefined
  try {
    const reader = await h.reader()
    store = reader.columns
    tested = reader.tested?.record()
    const env = environment(share, h)
    const { dictionary, of } = contexts(env)
    await columns?.load(store, share.tasks, share.instead ?? [])
    const stage = { command: 'extract', args: {}, span: { start: 0, end: 0 }, spans: {} }
    const extract = h.knowledge.extractor({ ...of(stage), dictionary, columns: columns && keptBy(columns) })
    const goOn = () => Atomics.load(share.words, SHARE.yield) === 0 && Atomics.load(share.control, CONTROL.command) !== COMMAND.finalize
    const seen = watch(share, h)
    const text = () => share.readsText || seen.keeps()
    const join = joining(share.instead, columns, seen.keeps)
    const source = { verify: share.verify, read: () => takenPages(share, { reader, extract, text, join, whole: true, from: 'back', goOn }) }
    const task = new ScanTask(share.fragment, source, env, seen)
    await task.accumulateAll()
    seen.scanned(0)
    for (const s of task.accumulator!.encode()) {
      const state = encodeState(s)
      h.send({ state }, [state.buffer as ArrayBuffer])
    }
    // The owner, which runs such a search again, then needs no help with it.
    if (tested) h.send({ tested: tested() })
  } catch (e) {
    h.send(failing(e, (text) => h.log(`search ${share.sid}: ${text}`)))
  } finally {
    tested?.()
  }
  h.send({ ended: true })
  await columns?.save(store).catch((e: unknown) => h.log(`search ${share.sid}: ${String(e)}`))
}

function environment(share: ScanShare, h: Helper): Environment {
  const check = () => {
    const stopped = Atomics.load(share.words, SHARE.stop) === 1 || Atomics.load(share.control, CONTROL.command) === COMMAND.cancel
    if (stopped) throw fail('cancelled', {})
  }
  return {
    language: h.language,
    now: share.now,
    zone: findZone(share.timeZone) ?? UTC,
    seed: share.seed,
    range: share.range,
    batchRows: share.limits.batchRows,
    regexMilliseconds: share.limits.regexMilliseconds,
    memoryBytes: share.limits.memoryBytes,
    host: { serverName: share.serverName },
    check,
    border: () => {
      check()
      return Atomics.load(share.control, CONTROL.command) === COMMAND.pause ? paused(share.control, check) : h.turn()
    },
    report: (report) => h.send({ report }),
  }
}

async function paused(control: Int32Array, check: () => void): Promise<void> {
  while (Atomics.load(control, CONTROL.command) === COMMAND.pause) {
    await new Promise((resolve) => setTimeout(resolve, 25))
    check()
  }
}

function watch(share: ScanShare, h: Helper): ScanWatch & { /** Whether events are still kept. */ keeps(): boolean } {
  const unify = dictionaries()
  let matched = 0
  let kept = 0
  return {
    keeps: () => kept < share.events.most,
    scanned: (n) => {
      h.send({ scanned: n, matched })
      matched = 0
    },
    matched: (n) => {
      matched += n
    },
    enough: () => Atomics.load(share.control, CONTROL.command) === COMMAND.finalize,
    eventMaps: share.events.maps,
    ...(share.events.most > 0 && {
      events: (b: Batch) => {
        if (kept >= share.events.most) return
        kept += alive(b)
        const events = materialise(b, share.events.demand, unify)
        h.send({ events: encodeBatch(events, events.names()) })
      },
    }),
  }
}
