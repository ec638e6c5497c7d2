import type { Language } from '../spl/language'
import { type Pipeline, readPipeline } from '../spl/parse/pipeline'
import { type Plan, planSearch } from '../spl/plan/plan'
import { KNOWN_COMMANDS } from './known-commands'

/** Texts that a thread keeps what it read of, and their longest. */
const KEPT = 256
const LONGEST = 4096

const PIPELINES = new WeakMap<Language, Map<string, Pipeline>>()
const PLANS = new WeakMap<Pipeline['stages'], Plan>()

/** What a text reads as, macros expanded: kept, since clients ask the same again and again, and it depends on the text alone. */
export function keptPipeline(text: string, language: Language): Pipeline {
  if (text.length > LONGEST) return readPipeline(text, language, KNOWN_COMMANDS)
  let kept = PIPELINES.get(language)
  if (!kept) PIPELINES.set(language, (kept = new Map()))
  const found = kept.get(text) ?? readPipeline(text, language, KNOWN_COMMANDS)
  // The one asked for last stands last.
  kept.delete(text)
  kept.set(text, found)
  if (kept.size > KEPT) kept.delete(kept.keys().next().value!)
  return found
}
/** How they are planned, for as long as they are kept. @param stages  read in the language */
export function keptPlan(stages: Pipeline['stages'], language: Language): Plan {
  let plan = PLANS.get(stages)
  if (!plan) PLANS.set(stages, (plan = planSearch(stages, language, { optimize: true })))
  return plan
}
