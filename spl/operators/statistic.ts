import { type Column, type DictionaryColumn, isNullAt, numberAt } from '../batch/column'
import { ColumnBuilder } from '../batch/builder'
import type { Order } from '../batch/order'
import { indexAt } from '../batch/order'
import type { Aggregation, Takes, Tally, TallyInput } from '../syntax/statistics'
import { numberOf } from '../values/number'
import type { Value } from '../values/value'
import { type Cell, NumberCell, type Place } from './cells'
import type { Interner } from './interner'

type Make = Readonly<Record<string, () => Cell>>
type Made<C extends Make> = { readonly [K in keyof C]: ReturnType<C[K]> }

interface Described<C extends Make> {
  readonly name: string
  readonly aliases?: readonly string[]
  readonly summary: string
  readonly source: string
  readonly examples: readonly string[]
  /** State per group. */
  readonly cells: C
  /** The name ends in a number, which `add` and `value` get last. */
  readonly number?: true
  readonly empty?: 0
  readonly value: (cells: Made<C>, group: number, number: number) => Value
  /** All groups at once, where that is cheaper. */
  readonly column?: (cells: Made<C>, groups: number) => Column
}

/** As an author writes it: loops over plain arrays, free of nulls, multivalues spread. */
export type Statistic<C extends Make> = Described<C> &
  (
    | { readonly takes: 'rows'; readonly add: (cells: Made<C>, groups: Int32Array, n: number) => void }
    | { readonly takes: 'numbers'; readonly add: (cells: Made<C>, groups: Int32Array, x: Float64Array, n: number) => void }
    | { readonly takes: 'texts'; readonly interner: (cells: Made<C>) => Interner; readonly add: (cells: Made<C>, groups: Int32Array, ids: Int32Array, n: number) => void }
    | {
        readonly takes: 'placed' | 'timed'
        readonly interner: (cells: Made<C>) => Interner
        /** `place(i)` is where the i-th value stands; `position[i]` is its place among the values of its row. */
        readonly add: (cells: Made<C>, groups: Int32Array, ids: Int32Array, placesOf: Placing) => void
      }
  )
export interface Placing {
  readonly n: number
  place(i: number): Place
  position(i: number): number
}

/** A statistic of the catalogue: what it takes, what it keeps per group, and the value of a group. Nothing of batches, merging or travelling. */
export function statistic<const C extends Make>(d: Statistic<C>): Aggregation {
  return {
    name: d.name,
    aliases: d.aliases ?? [],
    summary: d.summary,
    source: d.source,
    takes: d.takes,
    numbered: d.number ?? false,
    empty: d.empty ?? null,
    examples: d.examples,
    open: ({ number, allnum }) => new OpenStatistic(d, number, allnum),
  }
}

class OpenStatistic<C extends Make> implements Tally {
  private readonly cells: Made<C>
  private readonly all: readonly (readonly [string, Cell])[]
  /** With `allnum`: how many values of a group are no numbers. */
  private readonly odd: NumberCell | undefined
  constructor(
    private readonly d: Statistic<C>,
    private readonly number: number,
    allnum: boolean,
  ) {
    const made = Object.entries(d.cells).map(([k, make]) => [k, make()] as const)
    this.cells = Object.fromEntries(made) as Made<C>
    this.odd = allnum && d.takes === 'numbers' ? new NumberCell('sum') : undefined
    this.all = this.odd ? [...made, ['odd', this.odd]] : made
  }
  get bytes(): number {
    return this.all.reduce((n, [, c]) => n + c.bytes, 0)
  }
  reserve(groups: number): void {
    for (const [, c] of this.all) c.reserve(groups)
  }

  add(x: TallyInput): void {
    const { d, cells } = this
    if (x.column === undefined) return
    if (d.takes === 'rows') {
      const groups = x.column === 'rows' ? x.groups : valueGroups(x.column, x.rows, x.groups)
      return d.add(cells, groups, groups.length)
    }
    if (x.column === 'rows') throw new Error(`BUG: '${d.name}' without a field`)
    if (d.takes === 'numbers') {
      const s = numbersAt(x.column, x.rows, x.groups, this.odd)
      return d.add(cells, s.groups, s.x, s.n)
    }
    const s = textsAt(d.interner(cells), x.column, x.rows, x.groups)
    if (d.takes === 'texts') return d.add(cells, s.groups, s.ids, s.ids.length)
    d.add(cells, s.groups, s.ids, placing(s, x.order, d.takes === 'timed' ? x.time : undefined))
  }
  encode(groups: number) {
    return Object.fromEntries(this.all.flatMap(([k, c]) => Object.entries(c.encode(groups)).map(([p, col]) => [`${k}.${p}`, col] as const)))
  }
  absorb(columns: (part: string) => Column | undefined, groups: Int32Array): void {
    for (const [k, c] of this.all) c.absorb((p) => columns(`${k}.${p}`), groups)
  }
  value(group: number): Value {
    return this.odd && this.odd.of[group]! > 0 ? null : this.d.value(this.cells, group, this.number)
  }
  column(groups: number): Column {
    if (this.d.column && !this.odd) return this.d.column(this.cells, groups)
    const builder = new ColumnBuilder()
    for (let g = 0; g < groups; g++) builder.push(this.value(g))
    return builder.build()
  }
}

/** The groups of the rows that have a value, once for each value. */
function valueGroups(c: Column, rows: Uint32Array, groups: Int32Array): Int32Array {
  if (c.kind === 'multivalue') return spread(c.offsets, c.codes, rows, groups).groups
  const out = new Int32Array(rows.length)
  let n = 0
  const times = c.kind === 'constant' && Array.isArray(c.value) ? c.value.length : 1
  for (let i = 0; i < rows.length; i++) if (!isNullAt(c, rows[i]!)) out[n++] = groups[i]!
  const once = out.subarray(0, n)
  return times === 1 ? once : Int32Array.from({ length: n * times }, (_, i) => once[i % n]!)
}

interface Numbers {
  readonly groups: Int32Array
  readonly x: Float64Array
  readonly n: number
}

function numbersAt(c: Column, rows: Uint32Array, groups: Int32Array, odd: NumberCell | undefined): Numbers {
  if (c.kind === 'multivalue') {
    const s = spread(c.offsets, c.codes, rows, groups)
    return codedNumbers({ kind: 'dictionary', codes: s.codes, dictionary: c.dictionary }, undefined, s.groups, odd)
  }
  if (c.kind === 'dictionary') return codedNumbers(c, rows, groups, odd)
  if (c.kind === 'constant' && Array.isArray(c.value)) return listNumbers(c.value, rows, groups, odd)
  const x = new Float64Array(rows.length)
  const g = new Int32Array(rows.length)
  let n = 0
  for (let i = 0; i < rows.length; i++) {
    const v = numberAt(c, rows[i]!)
    if (v === v) {
      x[n] = v
      g[n++] = groups[i]!
    } else if (odd && !isNullAt(c, rows[i]!)) odd.of[groups[i]!]!++
  }
  return { groups: g, x, n }
}

function codedNumbers(c: DictionaryColumn, rows: Uint32Array | undefined, groups: Int32Array, odd: NumberCell | undefined): Numbers {
  const length = rows ? rows.length : c.codes.length
  const x = new Float64Array(length)
  const g = new Int32Array(length)
  const { codes, dictionary } = c
  let n = 0
  for (let i = 0; i < length; i++) {
    const code = codes[rows ? rows[i]! : i]!
    if (code < 0) continue
    const v = dictionary.number(code)
    if (v === v) {
      x[n] = v
      g[n++] = groups[i]!
    } else if (odd) odd.of[groups[i]!]!++
  }
  return { groups: g, x, n }
}

function listNumbers(list: readonly string[], rows: Uint32Array, groups: Int32Array, odd: NumberCell | undefined): Numbers {
  const values = list.map(numberOf).filter((v) => v === v)
  const n = rows.length * values.length
  if (odd && values.length < list.length) for (const g of groups) odd.of[g]!++
  return { groups: Int32Array.from({ length: n }, (_, i) => groups[Math.floor(i / values.length)]!), x: Float64Array.from({ length: n }, (_, i) => values[i % values.length]!), n }
}

function spread(offsets: Uint32Array, codes: Int32Array, rows: Uint32Array, groups: Int32Array): { readonly groups: Int32Array; readonly codes: Int32Array } {
  let n = 0
  for (let i = 0; i < rows.length; i++) n += offsets[rows[i]! + 1]! - offsets[rows[i]!]!
  const g = new Int32Array(n)
  const c = new Int32Array(n)
  let at = 0
  for (let i = 0; i < rows.length; i++) {
    for (let k = offsets[rows[i]!]!; k < offsets[rows[i]! + 1]!; k++) {
      g[at] = groups[i]!
      c[at++] = codes[k]!
    }
  }
  return { groups: g, codes: c }
}

interface Texts {
  readonly rows: Uint32Array
  readonly groups: Int32Array
  readonly ids: Int32Array
  /** Which entry of the input each came from; undefined where each gives one. */
  readonly from: Uint32Array | undefined
}

function textsAt(interner: Interner, c: Column, rows: Uint32Array, groups: Int32Array): Texts {
  const s = interner.ids(c, rows)
  const { from } = s
  const of = from ? Int32Array.from(from, (i) => groups[i]!) : groups
  if (s.ids.indexOf(-1) < 0) return { rows: s.rows, groups: of, ids: s.ids, from }
  const keep: number[] = []
  for (let i = 0; i < s.ids.length; i++) if (s.ids[i]! >= 0) keep.push(i)
  return {
    rows: Uint32Array.from(keep, (i) => s.rows[i]!),
    groups: Int32Array.from(keep, (i) => of[i]!),
    ids: Int32Array.from(keep, (i) => s.ids[i]!),
    from: from && Uint32Array.from(keep, (i) => from[i]!),
  }
}

function placing(s: Texts, order: Order | undefined, time: Column | undefined): Placing {
  if (!order) throw new Error('BUG: rows without their place in the order of events')
  return {
    n: s.ids.length,
    place(i) {
      const r = s.rows[i]!
      const t = time === undefined ? order.time[r]! : numberAt(time, r)
      return { time: t, serial: order.serial[r]!, index: indexAt(order, r) }
    },
    position(i) {
      let n = 0
      while (s.from && i - n - 1 >= 0 && s.from[i - n - 1] === s.from[i]) n++
      return n
    },
  }
}
