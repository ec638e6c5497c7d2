import type { Language } from '../spl/language'
import { type Pipeline, readPipeline } from '../spl/parse/pipeline'
import { type Plan, planSearch } from '../spl/plan/plan'
import { KNOWN_COMMANDS } from './known-commands'

/** Texts that a thread keeps what it read of, and their longest. */
const KEPT = 256
const LONGEST = 4096

interface Kept {
  readonly pipeline: Pipeline
  plan?: Plan
}
const KEPT_OF = new WeakMap<Language, Map<string, Kept>>()

/**
 * What a text reads as, macros expanded, and how it is planned: kept, since clients ask the same again and again, and both depend on
 * the text alone.
 */
export function keptPipeline(text: string, language: Language): Pipeline {
  return kept(text, language)?.pipeline ?? readPipeline(text, language, KNOWN_COMMANDS)
}
/** @param stages  of the text */
export function keptPlan(text: string, { stages }: Pick<Pipeline, 'stages'>, language: Language): Plan {
  const found = kept(text, language)
  if (found?.pipeline.stages !== stages) return planSearch(stages, language, { optimize: true })
  return (found.plan ??= planSearch(stages, language, { optimize: true }))
}

/** The one asked for last stands last. */
function kept(text: string, language: Language): Kept | undefined {
  if (text.length > LONGEST) return undefined
  let texts = KEPT_OF.get(language)
  if (!texts) KEPT_OF.set(language, (texts = new Map()))
  const found = texts.get(text) ?? { pipeline: readPipeline(text, language, KNOWN_COMMANDS) }
  texts.delete(text)
  texts.set(text, found)
  if (texts.size > KEPT) texts.delete(texts.keys().next().value!)
  return found
}
