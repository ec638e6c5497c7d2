import { fail } from '../text/problems'
import { numberOf, placesOf } from '../values/number'

/** Answers per entry of a dictionary, made when a code is first asked for. `values[code]` may be read directly: `undefined` means "not yet", then call `at`. */
export interface Memo<T> {
  readonly values: (T | undefined)[]
  at(code: number): T
}

/**
 * Texts by code. Equal codes mean equal texts; two codes may hold the same text, so never compare codes for inequality and
 * never take `size` for a distinct count. Only grows.
 */
export interface Dictionary {
  readonly size: number
  readonly bytes: number
  text(code: number): string
  /** The number that the text is, or NaN. */
  number(code: number): number
  /** The decimal place that the text is written with. */
  places(code: number): number
  /** Held weakly by its key, which is whatever asks: a regex, a comparison, an interner. */
  memo<T>(key: object, make: (code: number) => T): Memo<T>
}

export const MAX_ENTRIES = 65_536
export const MAX_BYTES = 8 << 20

/** What every kind of dictionary shares: memos held by the one who asks. */
export abstract class MemoDictionary implements Dictionary {
  private readonly memos = new WeakMap<object, Memo<unknown>>()
  private static readonly NUMBER = {}
  private static readonly PLACES = {}
  abstract readonly size: number
  abstract readonly bytes: number
  abstract text(code: number): string

  number(code: number): number {
    return this.memo(MemoDictionary.NUMBER, (c) => numberOf(this.text(c))).at(code)
  }
  places(code: number): number {
    return this.memo(MemoDictionary.PLACES, (c) => placesOf(this.text(c))).at(code)
  }
  memo<T>(key: object, make: (code: number) => T): Memo<T> {
    const found = this.memos.get(key)
    if (found) return found as Memo<T>
    const values: (T | undefined)[] = []
    const memo: Memo<T> = {
      values,
      at(code) {
        const known = values[code]
        return known === undefined ? (values[code] = make(code)) : known
      },
    }
    this.memos.set(key, memo)
    return memo
  }
}

/** Texts kept as strings. A dictionary belongs to one name of one task (`context.dictionary(name)`), never to one batch. */
export class TextDictionary extends MemoDictionary {
  size = 0
  bytes = 0
  private readonly texts: string[] = []
  private readonly codes = new Map<string, number>()

  /** @param excess  told of the bytes past `MAX_BYTES` as they come */
  constructor(private readonly excess?: (bytes: number) => void) {
    super()
  }

  /** Past this the next batch begins a new dictionary. */
  get full(): boolean {
    return this.size >= MAX_ENTRIES || this.bytes >= MAX_BYTES
  }
  text(code: number): string {
    return this.texts[code]!
  }
  intern(text: string): number {
    const known = this.codes.get(text)
    if (known !== undefined) return known
    const code = this.append(text)
    this.codes.set(text, code)
    return code
  }
  /** Adds without looking: a field that is nearly all distinct (GUIDs) is not worth a lookup (8.7 M/s against 3.0). */
  append(text: string): number {
    const bytes = text.length * 2 + 32
    this.texts[this.size] = text
    this.bytes += bytes
    if (this.bytes > MAX_BYTES) this.excess?.(Math.min(bytes, this.bytes - MAX_BYTES))
    return this.size++
  }
}

/**
 * Dictionaries by name; a full one is replaced by a new one, which the columns made before do not notice.
 * @param limit  of the bytes that full ones grow by within their last batch: one batch of texts that double and double may be endless
 */
export function dictionaries(limit = Number.POSITIVE_INFINITY): (name: string) => TextDictionary {
  const byName = new Map<string, TextDictionary>()
  const held = limited(limit)
  return (name) => {
    const found = byName.get(name)
    if (found && !found.full) return found
    // Who keeps columns of the old one counts it.
    if (found) held.less(Math.max(0, found.bytes - MAX_BYTES))
    const made = new TextDictionary(held.more)
    byName.set(name, made)
    return made
  }
}

/** By itself: a dictionary that outlives its search, with a column that is kept, must not hold all the others. */
function limited(limit: number) {
  let held = 0
  return {
    more(bytes: number): void {
      held += bytes
      if (held > limit) throw fail('memory-limit', { megabytes: Math.round(limit / 1_000_000) })
    },
    less(bytes: number): void {
      held -= bytes
    },
  }
}
