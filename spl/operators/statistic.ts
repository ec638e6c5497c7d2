import { ColumnBuilder } from '../batch/builder'
import type { Column } from '../batch/column'
import type { Aggregation, Tally, TallyInput } from '../syntax/statistics'
import type { Value } from '../values/value'
import type { Cell, Places } from './cell'
import { eitherOf, numbersOf, placesOf, textsOf, valuesOf } from './entries'
import type { Either } from './extreme-cell'
import type { Interner } from './interner'
import { NumberCell } from './number-cell'

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
  /** The name ends in a number, which `value` gets last. */
  readonly number?: true
  /** What it is over nothing at all; null when not said. */
  readonly empty?: 0
  readonly value: (cells: Made<C>, group: number, number: number) => Value
  /** All groups at once, where that is cheaper. */
  readonly column?: (cells: Made<C>, groups: number) => Column
}
interface Interned<C extends Make> {
  /** The cell's interner that gives the texts their ids. */
  readonly interner: (cells: Made<C>) => Interner
}

/** As an author writes it: loops over plain arrays, free of nulls, multivalues spread. */
export type Statistic<C extends Make> = Described<C> &
  (
    | { readonly takes: 'rows'; readonly add: (cells: Made<C>, groups: Int32Array, n: number) => void }
    | { readonly takes: 'numbers'; readonly add: (cells: Made<C>, groups: Int32Array, x: Float64Array, n: number) => void }
    | (Interned<C> & { readonly takes: 'texts'; readonly add: (cells: Made<C>, groups: Int32Array, ids: Int32Array, n: number) => void })
    | (Interned<C> & { readonly takes: 'either'; readonly add: (cells: Made<C>, values: Either) => void })
    | (Interned<C> & {
        readonly takes: 'placed' | 'timed'
        readonly add: (cells: Made<C>, groups: Int32Array, ids: Int32Array, n: number, places: Places) => void
      })
  )

/**
 * A statistic of the catalogue: what it takes, what it keeps per group, and the value of a group. Nothing of batches, merging or travelling.
 * Sums are plain sums of doubles in the sequence of the rows. Integers below 2^53 are exact; other sums may differ in their last digits
 * with the sequence in which tasks are merged.
 */
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
  get truncatedAt(): number | undefined {
    return this.all.find(([, c]) => c.full)?.[1].limit
  }
  reserve(groups: number): void {
    for (const [, c] of this.all) c.reserve(groups)
  }

  add(input: TallyInput): void {
    const { d } = this
    const { column, rows, groups } = input
    if (column === undefined) return
    if (d.takes === 'rows') {
      const of = column === 'rows' ? groups : valuesOf(column, rows, groups)
      d.add(this.cells, of, of.length)
    } else if (column === 'rows') {
      throw new Error(`BUG: '${d.name}' without a field`)
    } else if (d.takes === 'numbers') {
      const s = numbersOf(column, rows, groups, this.odd)
      d.add(this.cells, s.groups, s.x, s.n)
    } else {
      this.addTexts(d, input, column)
    }
  }
  private addTexts(d: Extract<Statistic<C>, Interned<C>>, { rows, groups, order, time }: TallyInput, column: Column): void {
    const { cells } = this
    const interner = d.interner(cells)
    if (d.takes === 'either') {
      d.add(cells, eitherOf(column, rows, groups, interner))
      return
    }
    const s = textsOf(column, rows, groups, interner)
    if (d.takes === 'texts') {
      d.add(cells, s.groups, s.ids, s.n)
    } else {
      const p = placesOf(s, order(), d.takes === 'timed' ? { column: time } : undefined)
      d.add(cells, p.groups, p.ids, p.n, p.places)
    }
  }

  encode(from: number, to: number) {
    return Object.fromEntries(
      this.all.flatMap(([k, c]) => Object.entries(c.encode(from, to)).map(([p, col]) => [`${k}.${p}`, col] as const)),
    )
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
