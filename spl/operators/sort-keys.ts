import { type Batch, rowsOf } from '../batch/batch'
import { type Column, valueAt } from '../batch/column'
import type { Memo } from '../batch/dictionary'
import type { SortKey, SortKind } from '../syntax/sort-key'
import { compareTexts, ipv4Of } from '../values/compare'
import { numberOf } from '../values/number'
import { textOf } from '../values/value'

/** Where a value stands before its number or text is looked at. */
const BEFORE_NUMBERS = 0
const NUMBER = 1
const ADDRESS = 2
const TEXT = 3
const MISSING = 4

interface Key {
  readonly rank: number
  /** Of numbers and addresses. */
  readonly number: number
  readonly text: string
}
const NONE: Key = { rank: MISSING, number: 0, text: '' }

/**
 * The key of a text. `auto`: numbers by value, IPv4 addresses by octet, others as text.
 * DIFFERS: Splunk decides how to compare for each pair of values, which is no order (2 < 10 < 1a < 2), so its answer depends on how the rows
 * lie. Here numbers come before addresses, and both before texts, except those whose first character comes before the digits.
 */
function keyOf(text: string, kind: SortKind): Key {
  if (kind === 'str') return { rank: TEXT, number: 0, text }
  const x = kind === 'ip' ? Number.NaN : numberOf(text)
  if (x === x) return { rank: NUMBER, number: x, text }
  const address = kind === 'num' ? Number.NaN : ipv4Of(text)
  if (address === address) return { rank: ADDRESS, number: address, text }
  return { rank: kind === 'auto' && text < '0' ? BEFORE_NUMBERS : TEXT, number: 0, text }
}

function compareKeys(a: Key, b: Key, descending: boolean): number {
  // A missing value is last in both directions.
  if (a.rank === MISSING || b.rank === MISSING) return a.rank === b.rank ? 0 : a.rank - b.rank
  const order =
    a.rank !== b.rank ? a.rank - b.rank : a.rank === NUMBER || a.rank === ADDRESS ? a.number - b.number : compareTexts(a.text, b.text)
  return descending ? -order : order
}

/** Negative when row i of batch `a` stands before row j of batch `b`; 0 when their keys are equal. */
export type CompareRows = (a: Batch, i: number, b: Batch, j: number) => number

/** No order of its own: rows stand as they came. */
export const asTheyCame: CompareRows = () => 0

/** @param reversed  `desc` at the end of the command: every key the other way round */
export function comparesBy(keys: readonly SortKey[], reversed: boolean): CompareRows {
  const descending = keys.map((k) => k.descending !== reversed)
  const of = preparedKeys(keys)
  return (a, i, b, j) => {
    const x = of(a)
    const y = a === b ? x : of(b)
    for (let n = 0; n < descending.length; n++) {
      const order = compareKeys(x[n]![i]!, y[n]![j]!, descending[n]!)
      if (order !== 0) return order
    }
    return 0
  }
}

type BatchKeys = readonly (readonly Key[])[]

/** The keys of a batch, made when first asked for. */
function preparedKeys(keys: readonly SortKey[]): (b: Batch) => BatchKeys {
  const memoKeys = keys.map(() => ({}))
  const known = new WeakMap<Batch, BatchKeys>()
  let last: Batch | undefined
  let lastKeys: BatchKeys = []
  return (b) => {
    if (b === last) return lastKeys
    let found = known.get(b)
    if (!found) known.set(b, (found = keys.map((k, n) => columnKeys(b, b.column(k.field), k.kind, memoKeys[n]!))))
    last = b
    lastKeys = found
    return found
  }
}

/** The keys of the alive rows, at the rows' places. */
function columnKeys(b: Batch, c: Column | undefined, kind: SortKind, memoKey: object): readonly Key[] {
  const memo: Memo<Key> | undefined =
    c?.kind === 'dictionary' ? c.dictionary.memo(memoKey, (code) => keyOf(c.dictionary.text(code), kind)) : undefined
  const out: Key[] = []
  const at = (row: number): Key => {
    if (memo && c?.kind === 'dictionary') return c.codes[row]! < 0 ? NONE : memo.at(c.codes[row]!)
    const text = textOf(valueAt(c, row))
    return text === null ? NONE : keyOf(text, kind)
  }
  for (const row of rowsOf(b)) out[row] = at(row)
  return out
}
