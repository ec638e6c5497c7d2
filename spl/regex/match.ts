/** One match of a pattern; groups are numbered as the pattern numbers them, 0 is the whole. Offsets are UTF-16 units. */
export interface RegexMatch {
  readonly start: number
  readonly end: number
  readonly text: string
  /** Nothing where the group took no part; empty where it matched nothing. */
  group(number: number): string | undefined
  /** Of several groups with one name, the first that took part. */
  named(name: string): string | undefined
  /** First and one past the last unit of a group; only of a match that was asked for with places. */
  span(group: number | string): readonly [number, number] | undefined
}

/** How a pattern's groups are found in JavaScript's match. */
export interface GroupMap {
  readonly numbers: readonly number[]
  readonly names: ReadonlyMap<string, readonly number[]>
}

export class FoundMatch implements RegexMatch {
  constructor(
    private readonly found: RegExpExecArray,
    private readonly map: GroupMap,
  ) {}

  get start(): number {
    return this.found.index
  }
  get end(): number {
    return this.found.index + this.found[0].length
  }
  get text(): string {
    return this.found[0]
  }

  group(number: number): string | undefined {
    const own = this.map.numbers[number]
    return own === undefined ? undefined : this.found[own]
  }

  named(name: string): string | undefined {
    const number = this.numberOf(name)
    return number === undefined ? undefined : this.group(number)
  }

  span(group: number | string): readonly [number, number] | undefined {
    const number = typeof group === 'number' ? group : this.numberOf(group)
    const own = number === undefined ? undefined : this.map.numbers[number]
    return own === undefined ? undefined : this.found.indices?.[own]
  }

  private numberOf(name: string): number | undefined {
    const numbers = this.map.names.get(name)
    return numbers && numbers.length > 1 ? (numbers.find((n) => this.group(n) !== undefined) ?? numbers[0]) : numbers?.[0]
  }
}
