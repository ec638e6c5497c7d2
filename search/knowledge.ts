import { objectsIn, type Context } from '../knowledge/context'
import type { Knowledge } from '../knowledge/snapshot'
import { macroEvaluator } from '../macros/evaluate'
import { expandMacros } from '../macros/expand'
import { macroTable } from '../macros/definition'
import { UTC } from '../spl/values/time/zone'
import type { Language } from '../spl/language'
import type { SearchKnowledge } from './execute'

/** What a search in the app, by the user, knows. @param now  epoch seconds, for macros that compute */
export function searchKnowledge(knowledge: Knowledge, language: Language, app: string, user: string, now: number): SearchKnowledge {
  const context: Context = { app, user }
  const macros = macroTable(objectsIn(knowledge, 'macros', context))
  const evaluate = macroEvaluator(language.functions, { now, zone: UTC, random: () => 0 })
  return {
    expand: (text) => expandMacros(text, macros, evaluate),
    extract: (b) => b,
    termField: () => true,
  }
}
