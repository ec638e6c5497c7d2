import { type Demand, plus, wants, wantsPattern } from '../../spl/batch/demand'
import { hasWildcard } from '../../spl/values/wildcard'
import { readCalculated } from './calculated'
import type { Extraction, ExtractionKnowledge, Step } from './definition'
import { readExtraction } from './read'
import { onlyGroup, plainText } from './read-format'
import { type Scope, scopedSettings } from './select'

/** Fields that the store has, by whatever events. @source Knowledge Manager Manual, default fields */
const INDEXED = new Set(
  '_bkt _cd _indextime _raw _si _sourcetype _subsecond _time host index linecount punct source sourcetype splunk_server splunk_server_group timestamp'.split(
    ' ',
  ),
)
const isIndexed = (field: string) => INDEXED.has(field) || field.startsWith('date_') || field.startsWith('time')

export type FieldKind = 'indexed' | 'extracted' | 'calculated' | 'looked-up' | 'mixed' | { readonly alias: readonly string[] }

/** What searches must know of fields before they see an event. */
export interface FieldKnowledge {
  kindOf(field: string, scope?: Scope): FieldKind
  /**
   * The fields as extracted whose value a field has: such a value stands in the event, so `field=value` in the first search asks for its
   * terms. Undefined where no term may be asked for: calculated, looked-up and indexed fields, values put together from pieces.
   */
  hintable(field: string, scope?: Scope): readonly string[] | undefined
  /** The demand with the fields that the asked ones are made from. */
  closeDemand(demand: Demand): Demand
  /** Sourcetypes as searches see them, by the sourcetype that the store has. */
  readonly renames: ReadonlyMap<string, string>
}

/** What one stanza says. */
interface Stanza {
  readonly aliases: ReadonlyMap<string, readonly string[]>
  readonly calculated: ReadonlyMap<string, readonly string[]>
  readonly lookedUp: ReadonlySet<string>
  /** Fields whose values are put together; undefined: any may be. */
  readonly composed: ReadonlySet<string> | undefined
  /** What extractions read besides the raw text, by the field they give (undefined: any). */
  readonly sources: readonly (readonly [gives: string | undefined, reads: string])[]
}

/** Closed demands that are kept: most searches of a day ask for the same. */
const DEMANDS = 1000

export function fieldKnowledge(knowledge: ExtractionKnowledge): FieldKnowledge {
  const scoped = scopedSettings(knowledge.props)
  const known = new Map<object, Stanza>()
  const stanzasOf = (scope: Scope = {}): readonly Stanza[] =>
    scoped(scope).map((settings) => {
      let found = known.get(settings)
      // A stanza without KV_MODE says nothing about it by itself.
      if (!found)
        known.set(
          settings,
          (found = readStanza(readExtraction(knowledge, { stanzas: [], settings: { KV_MODE: 'none', ...settings }, renamed: undefined }))),
        )
      return found
    })
  const closed = new Map<string, Demand>()
  const renames = new Map(Object.entries(knowledge.props).flatMap(([name, s]) => (s.rename ? [[name, s.rename] as const] : [])))
  return {
    kindOf: (field, scope) => kindOf(field, stanzasOf(scope)),
    hintable: (field, scope) => hintable(field, stanzasOf(scope)),
    closeDemand(demand) {
      const key = JSON.stringify(demand)
      let found = closed.get(key)
      if (!found) {
        if (closed.size >= DEMANDS) closed.clear()
        closed.set(key, (found = closeDemand(demand, stanzasOf())))
      }
      return found
    },
    renames,
  }
}

function readStanza(e: Extraction): Stanza {
  const aliases = new Map<string, string[]>()
  for (const a of e.aliases) aliases.set(a.to, [...(aliases.get(a.to) ?? []), a.from])
  const formats = e.steps.flatMap((s) => (s.kind === 'regex' ? s.fields.map((f) => ({ name: plainText(f.name), value: f.value })) : []))
  const composed = formats.filter((f) => onlyGroup(f.value) === undefined).map((f) => f.name)
  return {
    aliases,
    calculated: new Map(readCalculated(e, () => undefined).map((c) => [c.field, c.reads])),
    lookedUp: new Set(e.refused.flatMap((r) => r.fields)),
    composed: composed.includes(undefined) ? undefined : new Set(composed as string[]),
    sources: e.steps.filter((s) => s.from !== '_raw').flatMap(sourcesOf),
  }
}

function sourcesOf(step: Step): readonly (readonly [string | undefined, string])[] {
  return step.kind === 'regex' ? step.fields.map((f) => [plainText(f.name), step.from] as const) : [[undefined, step.from]]
}

function kindOf(field: string, stanzas: readonly Stanza[]): FieldKind {
  const calculated = stanzas.some((s) => s.calculated.has(field))
  const lookedUp = stanzas.some((s) => s.lookedUp.has(field))
  const from = [...new Set(stanzas.flatMap((s) => s.aliases.get(field) ?? []))]
  const kinds: FieldKind[] = [
    ...(calculated ? ['calculated' as const] : []),
    ...(lookedUp ? ['looked-up' as const] : []),
    ...(from.length > 0 ? [{ alias: from }] : []),
  ]
  if (kinds.length > 1) return 'mixed'
  return kinds[0] ?? (isIndexed(field) ? 'indexed' : 'extracted')
}

function hintable(field: string, stanzas: readonly Stanza[]): readonly string[] | undefined {
  const from = [...new Set([field, ...stanzas.flatMap((s) => s.aliases.get(field) ?? [])])]
  const stands = (f: string) => !isIndexed(f) && stanzas.every((s) => s.composed !== undefined && !s.composed.has(f))
  if (stanzas.some((s) => s.calculated.has(field) || s.lookedUp.has(field)) || !from.every(stands)) return undefined
  return from
}

const ORIGIN = ['_raw', 'sourcetype', 'source', 'host']

function closeDemand(demand: Demand, stanzas: readonly Stanza[]): Demand {
  const asked = new Set(demand.fields)
  const queue = [...asked]
  const ask = (names: readonly string[]) => {
    for (const n of names) {
      if (asked.has(n)) continue
      asked.add(n)
      queue.push(n)
    }
  }
  const patterns = wantsPattern(demand)
  for (const s of patterns ? stanzas : []) {
    const made = [...s.calculated.keys(), ...s.aliases.keys()]
    ask(made.filter((n) => wants(demand, n)))
  }
  for (let field = queue.pop(); field !== undefined; field = queue.pop()) {
    for (const s of stanzas) {
      ask(s.calculated.get(field) ?? [])
      ask(s.aliases.get(field) ?? [])
      ask(s.sources.filter(([gives]) => gives === undefined || gives === field || hasWildcard(field!)).map(([, reads]) => reads))
    }
  }
  const extracts = [...asked].some((f) => !isIndexed(f))
  return plus(demand, ...asked, ...(extracts ? ORIGIN : []))
}
