import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { readConf } from '../../../../knowledge/conf'
import type { ExtractionKnowledge } from '../../../../knowledge/extract/definition'
import type { ExtractionContext } from '../../../../knowledge/extract/layers'
import { mergeConfs } from '../../../../knowledge/layers'
import { loadLanguage } from '../../../../search/load-language'
import { type Batch, batchOf } from '../../../../spl/batch/batch'
import { type Column, constant, valueAt } from '../../../../spl/batch/column'
import { dictionaries, TextDictionary } from '../../../../spl/batch/dictionary'
import type { Problem } from '../../../../spl/text/problem'
import { UTC } from '../../../../spl/values/time/zone'
import { textsOf, type Value } from '../../../../spl/values/value'

export const root = join(__dirname, '..', '..', '..', '..')
export const truthFile = (name: string) => join(root, '..', 'shared', 'truth', name)
/** Tests over the truth files run where those are; elsewhere they are skipped, which is said. */
export const hasTruth = existsSync(truthFile('events.ndjson'))

/** Two .conf texts as knowledge. */
export function knowledgeOf(props: string, transforms = ''): ExtractionKnowledge {
  const read = (text: string) => Object.fromEntries(mergeConfs([readConf(text)]))
  return { props: read(props), transforms: read(transforms) }
}

/** The add-ons that ship. */
export function shippedKnowledge(): ExtractionKnowledge {
  const read = (conf: string) =>
    Object.fromEntries(
      mergeConfs(
        ['headstand_sysmon', 'headstand_windows'].map((app) =>
          readConf(readFileSync(join(root, 'data', 'apps', app, 'default', `${conf}.conf`), 'utf8')),
        ),
      ),
    )
  return { props: read('props'), transforms: read('transforms') }
}

/** What extraction needs of a search; what it reported stands in `reported`. */
export function context(): ExtractionContext & { readonly reported: Problem[] } {
  const reported: Problem[] = []
  return {
    now: 1_700_000_000,
    zone: UTC,
    random: () => 0.5,
    functions: loadLanguage().functions,
    guard: (_risky, job) => job(),
    dictionary: dictionaries(),
    report: (p) => reported.push(p),
    reported,
  }
}

export interface TestEvent {
  readonly raw: string
  readonly sourcetype?: string
  readonly source?: string
  readonly host?: string
  readonly fields?: Readonly<Record<string, string>>
}

/** Events as the store gives them: a block has one (sourcetype, source) and its bytes, a tail has neither. */
export function blockOf(events: readonly TestEvent[]): Batch {
  return withBytes(
    tailOf(events, true),
    events.map((e) => Buffer.from(e.raw)),
  )
}
export function tailOf(events: readonly TestEvent[], same = false): Batch {
  const column = (of: (e: TestEvent) => string | undefined): Column => {
    if (same) return constant(of(events[0]!) ?? '')
    return texts(events.map(of))
  }
  const names = new Set(events.flatMap((e) => Object.keys(e.fields ?? {})))
  return batchOf(events.length, [
    ['_raw', texts(events.map((e) => e.raw))],
    ['host', texts(events.map((e) => e.host ?? 'h'))],
    ['source', column((e) => e.source ?? 's')],
    ['sourcetype', column((e) => e.sourcetype ?? 'st')],
    ...[...names].map((n): [string, Column] => [n, texts(events.map((e) => e.fields?.[n]))]),
  ])
}
function texts(values: readonly (string | undefined)[]): Column {
  const dictionary = new TextDictionary()
  return { kind: 'dictionary', codes: Int32Array.from(values, (v) => (v === undefined ? -1 : dictionary.intern(v))), dictionary }
}

/** A batch whose events are these bytes. */
export function withBytes(base: Batch, pieces: readonly Buffer[]): Batch {
  const offsets = new Uint32Array(pieces.length + 1)
  pieces.forEach((p, i) => {
    offsets[i + 1] = offsets[i]! + p.length
  })
  const data = Buffer.concat(pieces)
  const over = (b: Batch): Batch => ({
    rows: b.rows,
    selection: b.selection,
    order: b.order,
    names: () => b.names(),
    column: (name) => b.column(name),
    narrow: (s) => over(b.narrow(s)),
    bytes: () => ({ data, offsets }),
  })
  return over(base)
}

/** The values of a row: a text, a list, or nothing. */
export const at = (b: Batch, name: string, row = 0): Value => valueAt(b.column(name), row)
export const textsAt = (b: Batch, name: string, row = 0): readonly string[] => textsOf(at(b, name, row))
