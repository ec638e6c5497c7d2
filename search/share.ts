/** A scan that several threads do together: what its owner gives away, what a helper sends back. Plain data throughout. */
import { alive, type Batch } from '../spl/batch/batch'
import { encodeBatch, encodeState } from '../spl/batch/codec'
import { type Demand, wants, wantsPattern } from '../spl/batch/demand'
import { dictionaries } from '../spl/batch/dictionary'
import { compact, materialise } from '../spl/batch/gather'
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

/** Whether a scan ends in a state rather than in rows. */
export const accumulates = ({ last }: Fragment): boolean => last !== undefined && 'accumulate' in last

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
  /** How many batches of rows the owner has taken. */
  taken: 4,
  words: 5,
} as const
const GIVEN = 0
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

export type Finding =
  | { readonly scanned: number; readonly matched: number }
  | { readonly state: Uint8Array }
  /** Rows after the fragment's stages; not in the order of events where no step asked for it. */
  | { readonly rows: Uint8Array }
  /** No row to come has a later `_time` key. */
  | { readonly bound: number }
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

/**
 * The same for tasks that were cut out of one stripe. Both threads take the next from the front, so that the rows of each come in the
 * order of events; one is taken ahead, so that it is read meanwhile. @param x.passed  told after each task what its `next` then is
 */
export async function* orderedPages(
  { tasks, words, fragment }: Pick<ScanShare, 'tasks' | 'words' | 'fragment'>,
  x: Reading & { readonly goOn: () => boolean; readonly passed?: (bound: number) => void },
): AsyncGenerator<Scanned> {
  const flush = fragment.last !== undefined && 'step' in fragment.last
  const take = () => (x.goOn() ? tasks[Atomics.add(words, SHARE.next, 1)] : undefined)
  let task = take()
  for (let whole = x.whole; task; whole = true) {
    const ahead = take()
    const bound = ahead?.latest ?? Number.NEGATIVE_INFINITY
    for await (const page of pagesOf(task, { ...x, whole }, ahead))
      yield { ...page, next: Math.max(page.next, bound), flush: flush && page.next === Number.NEGATIVE_INFINITY }
    x.passed?.(bound)
    task = ahead
  }
}

/** Whether the share is still to be had, for a helper; for its owner, whether one has begun. */
export const begin = (words: Int32Array): boolean => Atomics.compareExchange(words, SHARE.state, GIVEN, BEGUN) === GIVEN
export const begun = (words: Int32Array): boolean => Atomics.load(words, SHARE.state) === BEGUN
export const takeBack = (words: Int32Array): boolean => Atomics.compareExchange(words, SHARE.state, GIVEN, TAKEN_BACK) === GIVEN

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

/** Milliseconds between two looks at a search's own commands while its other thread is waited for. */
export const LOOK = 50
/** Batches that may be under way: rows may be written slower than they are found. */
const UNDER_WAY = 32

/** Waits until the owner has taken most of what was sent. One that is wanted elsewhere has little left, and does not wait. */
export async function room(words: Int32Array, sent: number, check: () => void): Promise<void> {
  for (;;) {
    const taken = Atomics.load(words, SHARE.taken)
    if (sent - taken < UNDER_WAY || Atomics.load(words, SHARE.yield) === 1) return
    await Atomics.waitAsync(words, SHARE.taken, taken, LOOK).value
    check()
  }
}

/** Does a part of a scan and sends its state, or its rows as they come. Never throws. */
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
    const fragment = fragmentOf(share)
    const reading = { reader, extract, text, join, whole: true, fleeting: !fragment.ordered, goOn }
    const passed = (bound: number) => h.send({ bound })
    const read = () =>
      share.fragment.ordered ? orderedPages(share, { ...reading, passed }) : takenPages(share, { ...reading, from: 'back' })
    const task = new ScanTask(fragment, { verify: share.verify, read }, env, seen)
    if (task.accumulator) await sendState(task, h)
    else await sendRows(task, share, env.check, h)
    seen.scanned(0)
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

/** A step wants its rows in order; others are merged by the owner, page by page as if it had read them. */
const fragmentOf = ({ fragment }: ScanShare): Fragment => (fragment.last ? fragment : { ...fragment, ordered: false })

async function sendState(task: ScanTask, h: Helper): Promise<void> {
  await task.accumulateAll()
  for (const s of task.accumulator!.encode()) {
    const state = encodeState(s)
    h.send({ state }, [state.buffer as ArrayBuffer])
  }
}

async function sendRows(task: ScanTask, { fragment, words }: ScanShare, check: () => void, h: Helper): Promise<void> {
  const { wanted } = fragment
  const unify = dictionaries()
  let sent = 0
  for await (const b of task.rows()) {
    await room(words, sent++, check)
    // After a step few rows of many may be left.
    const few = compact(b, unify)
    const rows = encodeBatch(few, wantsPattern(wanted) ? few.names().filter((n) => wants(wanted, n)) : wanted.fields)
    h.send({ rows }, [rows.buffer as ArrayBuffer])
  }
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
