import { readYaml } from './read-yaml'

/** A detection: a search with a name. */
export interface Rule {
  /** Of its catalogue; its title or stanza where it has none. */
  readonly id: string
  readonly title: string
  /** File that it was read from. */
  readonly file: string
  /** As it stands there; `search` may be implied. */
  readonly search: string
  /** The window that it is run over when its time is kept. */
  readonly earliest?: string
  readonly latest?: string
}

/** A file that holds no rule as it should. */
export class BadRule extends Error {
  override readonly name = 'BadRule'
  constructor(
    readonly file: string,
    text: string,
  ) {
    super(`${file}: ${text}`)
  }
}

/** Stanzas of .conf text by name; given by the caller, since this folder knows no .conf file. */
export type ReadStanzas = (text: string, file: string) => ReadonlyMap<string, Readonly<Record<string, string>>>

/** Whether the name is one that rules are read from. */
export const isRuleFile = (name: string): boolean =>
  /\.(ya?ml|spl)$|(^|[/\\])savedsearches\.conf$/.test(name) && !/\.test\.ya?ml$/.test(name)

/**
 * The rules of a file: a page of a catalogue (YAML with `logic`), saved searches (`savedsearches.conf`), or a search alone (`.spl`).
 * @returns none for YAML that is something else
 * @throws BadRule
 */
export function readRules(file: string, text: string, readStanzas: ReadStanzas): readonly Rule[] {
  if (file.endsWith('.conf')) return savedSearches(file, readStanzas(text, file))
  const name = file.replace(/^.*[/\\]|\.\w+$/g, '')
  if (file.endsWith('.spl')) return [{ id: name, title: name, file, search: text.trim() }]
  return cataloguePage(file, name, yamlOf(file, text))
}

function yamlOf(file: string, text: string): unknown {
  try {
    return readYaml(text, file)
  } catch (error) {
    throw new BadRule(file, (error as Error).message.replace(`${file}: `, ''))
  }
}

function cataloguePage(file: string, name: string, page: unknown): readonly Rule[] {
  if (typeof page !== 'object' || page === null || !('logic' in page)) return []
  const { id, title, logic, logic_format: format } = page as Readonly<Record<string, unknown>>
  if (format !== undefined && format !== 'Splunk') throw new BadRule(file, `Not supported by Headstand: logic_format '${format}'.`)
  if (typeof logic !== 'string' || logic.trim() === '') throw new BadRule(file, "'logic' is no text.")
  return [{ id: textOr(id, name), title: textOr(title, name), file, search: logic.trim() }]
}

const textOr = (value: unknown, other: string): string => (typeof value === 'string' || typeof value === 'number' ? String(value) : other)

function savedSearches(file: string, stanzas: ReturnType<ReadStanzas>): readonly Rule[] {
  const rules: Rule[] = []
  for (const [name, settings] of stanzas) {
    const search = settings.search?.trim()
    if (name === 'default' || !search || settings.disabled === '1' || settings.disabled === 'true') continue
    const earliest = settings['dispatch.earliest_time']
    const latest = settings['dispatch.latest_time']
    rules.push({ id: name, title: name, file, search, ...(earliest && { earliest }), ...(latest && { latest }) })
  }
  return rules
}
