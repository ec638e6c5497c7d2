import { createHash } from 'node:crypto'
import { type Context, extractionIn, objectsIn } from '../knowledge/context'
import type { ExtractionKnowledge } from '../knowledge/extract/definition'
import { extractor } from '../knowledge/extract/extractor'
import { type FieldKnowledge, fieldKnowledge } from '../knowledge/extract/field-knowledge'
import type { Knowledge } from '../knowledge/snapshot'
import { type MacroTable, macroTable } from '../macros/definition'
import { macroEvaluator } from '../macros/evaluate'
import { expandMacros } from '../macros/expand'
import { version } from '../package.json'
import type { Language } from '../spl/language'
import { UTC, type Zone } from '../spl/values/time/zone'
import type { SearchKnowledge } from './search-knowledge'

/** What a context (app, user) makes of a snapshot: the same for all its searches. */
interface InContext {
  readonly macros: MacroTable
  readonly extraction: ExtractionKnowledge
  /** Made when a search that reads events asks: it compiles the header of every stanza. */
  readonly fields: () => FieldKnowledge
  readonly hash: () => string
}
const KNOWN = new WeakMap<Knowledge, Map<string, InContext>>()

function inContext(knowledge: Knowledge, app: string, user: string): InContext {
  let known = KNOWN.get(knowledge)
  if (!known) KNOWN.set(knowledge, (known = new Map()))
  const key = JSON.stringify([app, user])
  let found = known.get(key)
  if (!found) {
    const context: Context = { app, user }
    const extraction = extractionIn(knowledge, context)
    found = {
      macros: macroTable(objectsIn(knowledge, 'macros', context)),
      extraction,
      fields: once(() => fieldKnowledge(extraction)),
      hash: once(() => hashOf(extraction)),
    }
    known.set(key, found)
  }
  return found
}

/** What a search in the app, by the user, knows. */
export function searchKnowledge(
  knowledge: Knowledge,
  language: Language,
  asked: { readonly app: string; readonly user: string; readonly now: number; readonly zone?: Zone },
): SearchKnowledge {
  const { macros, extraction, fields, hash } = inContext(knowledge, asked.app, asked.user)
  const evaluate = macroEvaluator(language.functions, { now: asked.now, zone: asked.zone ?? UTC, random: () => 0 })
  return {
    expand: (text) => expandMacros(text, macros, evaluate),
    extractor: (context) => extractor(extraction, context),
    get extraction() {
      return hash()
    },
    get fields() {
      return fields()
    },
  }
}

/** Another version of Headstand may extract otherwise. */
const hashOf = (extraction: ExtractionKnowledge): string =>
  createHash('sha256')
    .update(JSON.stringify([version, extraction]))
    .digest('hex')

function once<T>(make: () => T): () => T {
  let made: T | undefined
  return () => (made ??= make())
}
