import type { Batch } from '../batch/batch'
import { type Column, constant } from '../batch/column'
import { hasValue } from '../batch/gather'
import type { Order } from '../batch/order'
import type { State } from '../syntax/behaviour'
import type { Tally } from '../syntax/statistics'
import { compareTexts } from '../values/compare'
import type { Assigned } from './groups'
import { rowNumbers } from './row-numbers'
import type { Source, TermSource } from './term-source'

/** Where a tally's column stands among those of a result. */
interface Opened {
  readonly field: string
  readonly name: string
  readonly tally: Tally
}

/** Rows of a batch with the groups that they belong to. */
export interface Grouping extends Assigned {
  /** Few statistics ask; a store puts it together when they do. */
  order(): Order
}

/** The statistics of one term: one, or one for each field that a wildcard has found a value of. */
export class TermTallies {
  private readonly opened = new Map<string, Opened>()
  constructor(readonly source: TermSource) {}

  get bytes(): number {
    let sum = 0
    for (const { tally } of this.opened.values()) sum += tally.bytes
    return sum
  }

  /** The limit of values of a group, where one had more. */
  get truncatedAt(): number | undefined {
    for (const { tally } of this.opened.values()) if (tally.truncatedAt !== undefined) return tally.truncatedAt
    return undefined
  }

  /** @param size  how many groups there are by now */
  add(batch: Batch, grouping: Grouping, size: number): void {
    const time = this.source.term.timed ? batch.column('_time') : undefined
    for (const s of this.source.of(batch)) {
      if (this.source.wild && !this.opened.has(s.field) && (s.column === 'rows' || !hasValue(s.column, grouping.rows))) continue
      const { tally } = this.at(s)
      tally.reserve(size)
      tally.add({ ...grouping, column: s.column, time })
    }
  }
  private at({ field, name }: Pick<Source, 'field' | 'name'>): Opened {
    let found = this.opened.get(field)
    if (!found) this.opened.set(field, (found = { field, name, tally: this.source.open() }))
    return found
  }

  /** The columns over groups 0 … size − 1. What a wildcard made stands in byte order, and only where a group has a value. */
  columns(size: number): (readonly [name: string, column: Column])[] {
    const { term, aggregation, wild } = this.source
    if (!wild && this.opened.size === 0) return [[term.name, constant(aggregation.empty)]]
    const all = [...this.opened.values()].map(({ name, tally }) => {
      tally.reserve(size)
      return [name, tally.column(size)] as const
    })
    if (!wild) return all
    const rows = rowNumbers(size)
    return all.filter(([, c]) => hasValue(c, rows)).sort(([a], [b]) => compareTexts(a, b))
  }

  /** @param index  of the term among those of the command */
  encode(index: number, from: number, to: number, state: Record<string, Column>): void {
    for (const { field, name, tally } of this.opened.values()) {
      tally.reserve(to)
      for (const [part, c] of Object.entries(tally.encode(from, to))) state[JSON.stringify([index, field, name, part])] = c
    }
  }
  absorb(tally: EncodedTally, groups: Int32Array, size: number): void {
    const own = this.at(tally).tally
    own.reserve(size)
    own.absorb((part) => tally.parts.get(part), groups)
  }
}

/** A tally of a state. */
export interface EncodedTally {
  readonly term: number
  readonly field: string
  readonly name: string
  readonly parts: ReadonlyMap<string, Column>
}

export function encodedTallies(state: State): readonly EncodedTally[] {
  const found = new Map<string, EncodedTally & { readonly parts: Map<string, Column> }>()
  for (const [key, c] of Object.entries(state)) {
    if (!key.startsWith('[')) continue
    const [term, field, name, part] = JSON.parse(key) as [number, string, string, string]
    const id = `${term} ${field}`
    let tally = found.get(id)
    if (!tally) found.set(id, (tally = { term, field, name, parts: new Map() }))
    tally.parts.set(part, c)
  }
  return [...found.values()]
}
