import { EVERYTHING } from '../batch/demand'
import { dictionaries } from '../batch/dictionary'
import type { Unify } from '../batch/gather'
import type { Language } from '../language'
import { guarded, RegexTimeout } from '../regex/guard'
import type { Host, RunContext } from '../syntax/behaviour'
import type { Stage } from '../syntax/stage'
import type { Problem } from '../text/problem'
import { fail } from '../text/problems'
import type { Zone } from '../values/time/zone'

/** What one search runs with, in every task of it. */
export interface Environment {
  readonly language: Language
  /** Epoch seconds. */
  readonly now: number
  readonly zone: Zone
  readonly seed: number
  readonly range: { readonly earliest: number; readonly latest: number }
  readonly batchRows: number
  readonly regexMilliseconds: number
  readonly memoryBytes: number
  readonly host: Host
  /** Throws when the search was cancelled or has run too long. */
  check(): void
  /**
   * At the border between two batches: `check`, and a turn of the event loop when one is due. An async chain over ready data starves
   * timers and callbacks (measured: a 100 ms timer fired after 6.7 s).
   */
  border(): Promise<void> | undefined
  report(p: Problem): void
}

/** Bytes that one task's stages hold. */
export class Held {
  private bytes = 0
  private readonly of = new Map<object, number>()
  constructor(private readonly limit: number) {}
  reserve(change: number): void {
    this.bytes += change
    if (this.bytes > this.limit) throw fail('memory-limit', { megabytes: Math.round(this.limit / 1_000_000) })
  }
  /** An owner that says what it holds in all. */
  set(owner: object, bytes: number): void {
    this.reserve(bytes - (this.of.get(owner) ?? 0))
    this.of.set(owner, bytes)
  }
}

/** One task's contexts: each stage has its own, all share the dictionaries and the count of memory. */
export interface Contexts {
  readonly env: Environment
  readonly held: Held
  readonly dictionary: Unify
  of(stage: Stage): RunContext
}

export function contexts(env: Environment): Contexts {
  const held = new Held(env.memoryBytes)
  const dictionary = dictionaries(env.memoryBytes)
  const guard = <T>(risky: boolean, job: () => T): T => (risky ? limited(env, job) : job())
  const of = (stage: Stage): RunContext => ({
    now: env.now,
    zone: env.zone,
    functions: env.language.functions,
    aggregations: env.language.aggregations,
    range: env.range,
    wanted: stage.wanted ?? EVERYTHING,
    batchRows: env.batchRows,
    host: env.host,
    random: (place, node) => randomAt(env.seed, place, node),
    check: env.check,
    guard,
    reserve: (change) => held.reserve(change),
    report: env.report,
    dictionary,
    child: () => noChildren(stage),
  })
  return { env, held, dictionary, of }
}

function noChildren(stage: Stage): never {
  throw new Error(`BUG: '${stage.command}' has no child plan`)
}

function limited<T>(env: Environment, job: () => T): T {
  try {
    return guarded(env.regexMilliseconds)(job)
  } catch (e) {
    if (e instanceof RegexTimeout) throw fail('regex-limit', { milliseconds: env.regexMilliseconds })
    throw e
  }
}

/** A number of [0, 1) from the search's seed, the event's place and the node: whatever the tasks and batches, the same. */
function randomAt(seed: number, place: { readonly time: number; readonly serial: number; readonly index: number }, node: number): number {
  let h = 0x9e3779b9 ^ seed
  for (const x of [place.time, place.serial, place.index, node]) {
    VIEW.setFloat64(0, x)
    h = mix(h ^ VIEW.getUint32(0))
    h = mix(h ^ VIEW.getUint32(4))
  }
  return (mix(h) >>> 0) / 4294967296
}
const VIEW = new DataView(new ArrayBuffer(8))
function mix(h: number): number {
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b)
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35)
  return h ^ (h >>> 16)
}
