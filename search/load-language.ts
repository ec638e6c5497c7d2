import type { EvalFunction } from '../spl/expressions/function'
import { type Language, language } from '../spl/language'
import type { Command } from '../spl/syntax/command'
import { readCatalogue } from './catalogue'

let loaded: Language | undefined

/** The catalogues' commands, functions and statistics; read once per thread. */
export function loadLanguage(): Language {
  loaded ??= language(
    readCatalogue('commands').map((e) => e.definition as Command),
    readCatalogue('functions').map((e) => e.definition as EvalFunction),
    readCatalogue('aggregations').map((e) => e.definition as Parameters<typeof language>[2][number]),
  )
  return loaded
}
