import { type Demand, EVERYTHING, union } from '../batch/demand'
import { fieldsOfPredicate } from '../expressions/compile-predicate'
import type { Predicate } from '../expressions/predicate'
import type { Language } from '../language'
import type { BoundStage } from '../syntax/command'
import type { Stage } from '../syntax/stage'
import type { Fragment } from './fragment'
import { RULES } from './rules'

/** Where the rows come from: events that match, or a generating command. */
export type Origin = { readonly filter: Predicate } | { readonly generate: Stage }

/** What runs, as plain data: the scan half over any set of blocks, then the rest over its rows. */
export interface Plan {
  readonly origin: Origin
  readonly fragment: Fragment
  readonly rest: readonly Stage[]
  /** Whether results are made rather than events picked: `events` and `results` of the job differ. */
  readonly transforming: boolean
  /** Stages that pick and dress events: their rows are what `events` of a transforming search gives. */
  readonly eventStages: number
  /** Where these end in the text; undefined when no other stage follows. */
  readonly eventsEnd: number | undefined
  /** What each rule did, for `explain`. */
  readonly decisions: readonly string[]
}

export interface PlanOptions {
  /** Fields that the caller wants of the results; everything by default. */
  readonly wanted?: Demand
  /** Off: no demand, no cut, no rules: what the matrix of the specs compares with. */
  readonly optimize: boolean
}

const ALWAYS: Predicate = { id: 0, span: { start: 0, end: 0 }, always: true }

/** Plans the stages of a search: rewritten, with demands, cut before the first stage that needs rows of more than one block. */
export function planSearch(stages: readonly Stage[], language: Language, options: PlanOptions): Plan {
  const decisions: string[] = []
  let all: readonly Stage[] = stages.flatMap((s) => rewritten(s, language))
  if (options.optimize) for (const rule of RULES) all = rule.apply(all, language, (text) => decisions.push(`${rule.name}: ${text}`))
  const bound = withDemand(
    all.map((s) => language.bind(s)),
    options,
    language,
  )
  const first = bound[0]!
  const filter = first.command.scans ? (first.filter() ?? ALWAYS) : undefined
  const streaming = streamingPrefix(bound)
  const fragment = cut(bound, filter, options)
  return {
    origin: filter ? { filter } : { generate: first.stage },
    fragment: fragment.half,
    rest: bound.slice(fragment.restFrom).map((b) => b.stage),
    transforming: bound.some((b) => b.command.kind === 'transforming'),
    eventStages: streaming,
    eventsEnd: bound[streaming]?.stage.span.start,
    decisions,
  }
}

function rewritten(s: Stage, language: Language): readonly Stage[] {
  const { behaviour } = language.bind(s)
  return behaviour.form === 'rewrite' ? behaviour.stages.flatMap((x) => rewritten(x, language)) : [s]
}

/** Right to left: each stage keeps as `wanted` what those after it need. */
function withDemand(bound: readonly BoundStage[], options: PlanOptions, language: Language): readonly BoundStage[] {
  const out: BoundStage[] = []
  let after = options.wanted ?? EVERYTHING
  for (const b of [...bound].reverse()) {
    out.unshift(language.bind({ ...b.stage, wanted: options.optimize ? after : EVERYTHING }))
    after = b.needs(after)
  }
  return out
}

/** How many stages, from the first on, only pick and dress events. */
function streamingPrefix(bound: readonly BoundStage[]): number {
  const end = bound.findIndex((b, i) => i > 0 && b.command.kind !== 'distributable streaming')
  return end < 0 ? bound.length : end
}

function cut(
  bound: readonly BoundStage[],
  filter: Predicate | undefined,
  options: PlanOptions,
): { readonly half: Fragment; readonly restFrom: number } {
  let at = 1
  if (options.optimize) while (at < bound.length && bound[at]!.behaviour.form === 'map') at++
  const maps = bound.slice(1, at)
  const next = options.optimize ? bound[at] : undefined
  const last = next && lastOf(next)
  // What the maps need, and what the filter reads; the first stage's own needs include the filter's fields.
  const first = bound[0]!
  const firstWanted = first.stage.wanted ?? EVERYTHING
  const demand = filter ? union(firstWanted, { fields: fieldsOfPredicate(filter), except: [], ordered: false }) : firstWanted
  const wanted = (maps.at(-1) ?? first).stage.wanted ?? EVERYTHING
  return {
    half: {
      filter: filter ?? ALWAYS,
      demand,
      asked: firstWanted,
      maps: maps.map((b) => b.stage),
      ...(last && { last }),
      wanted,
      ordered: wanted.ordered,
    },
    // An accumulator is the task's; a step stands in the rest too.
    restFrom: last && 'accumulate' in last ? at + 1 : at,
  }
}

function lastOf(b: BoundStage): Fragment['last'] {
  if (b.behaviour.form === 'accumulate') return { accumulate: b.stage }
  return b.behaviour.form === 'step' && b.behaviour.perTask ? { step: b.stage } : undefined
}
