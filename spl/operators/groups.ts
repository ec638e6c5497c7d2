import { type Batch, rowsOf } from '../batch/batch'
import { type Column, valueAt } from '../batch/column'
import type { Part } from '../syntax/behaviour'
import { compareTexts } from '../values/compare'
import { numberOf } from '../values/number'
import { textOf } from '../values/value'
import { Interner } from './interner'
import { Pairs } from './pairs'
import { rowNumbers } from './row-numbers'

/** Rows and the groups that they belong to: a row stands once for every combination of its multivalues, and not at all where a key is null. */
export interface Assigned {
  readonly rows: Uint32Array
  readonly groups: Int32Array
}

/** Dense group ids over BY fields: an interner a field, their pairs chained. Without a BY field all rows are group 0. */
export class Groups {
  private readonly interners: readonly Interner[]
  private readonly chain: readonly Pairs[]
  private any = false
  constructor(
    readonly by: readonly string[],
    /** A value that stands twice in a multivalue counts once. */
    private readonly dedup = false,
  ) {
    this.interners = by.map(() => new Interner())
    this.chain = by.slice(1).map(() => new Pairs())
  }
  get size(): number {
    if (this.by.length === 0) return this.any ? 1 : 0
    return this.chain.at(-1)?.size ?? this.interners[0]!.size
  }
  get bytes(): number {
    return this.interners.reduce((n, i) => n + i.bytes, 0) + this.chain.reduce((n, p) => n + p.bytes, 0)
  }

  assign(batch: Batch): Assigned {
    return this.assignColumns(
      this.by.map((f) => batch.column(f)),
      rowsOf(batch),
    )
  }
  /** The same for columns that stand for the BY fields: a state's keys. */
  assignColumns(columns: readonly (Column | undefined)[], all: Uint32Array): Assigned {
    if (this.by.length === 0) {
      this.any ||= all.length > 0
      return { rows: all, groups: new Int32Array(all.length) }
    }
    const first = this.interners[0]!.ids(columns[0], all)
    let rows = first.rows
    let groups = first.ids
    for (let k = 1; k < this.by.length; k++) {
      const step = this.interners[k]!.ids(columns[k], rows)
      groups = this.paired(this.chain[k - 1]!, groups, step.ids, step.from)
      rows = step.rows
    }
    const kept = withKeys({ rows, groups })
    return this.dedup ? distinct(kept) : kept
  }
  private paired(pairs: Pairs, before: Int32Array, ids: Int32Array, from: Uint32Array | undefined): Int32Array {
    const groups = new Int32Array(ids.length)
    for (let i = 0; i < ids.length; i++) {
      const g = before[from ? from[i]! : i]!
      groups[i] = g < 0 || ids[i]! < 0 ? -1 : pairs.id(g, ids[i]!)
    }
    return groups
  }

  /** The groups that a state's keys stand for; −1 where a key does not fall to the part. */
  absorb(keys: readonly (Column | undefined)[], size: number, part?: Part): Int32Array {
    const rows = rowNumbers(size)
    if (!part) return this.assignColumns(keys, rows).groups
    const mine = rows.filter((r) => fallsTo(keys, r, part))
    const { groups } = this.assignColumns(keys, mine)
    const out = new Int32Array(size).fill(-1)
    for (let i = 0; i < mine.length; i++) out[mine[i]!] = groups[i]!
    return out
  }

  /** The id of the k-th key of a group. */
  private key(group: number, k: number): number {
    let g = group
    for (let j = this.by.length - 1; j > k; j--) g = this.chain[j - 1]!.left[g]!
    return k === 0 ? g : this.chain[k - 1]!.right[g]!
  }
  /** The k-th keys of groups from … to − 1. */
  keyColumn(k: number, from = 0, to = this.size): Column {
    const codes = new Int32Array(to - from)
    for (let g = from; g < to; g++) codes[g - from] = this.key(g, k)
    return { kind: 'dictionary', codes, dictionary: this.interners[k]!.dictionary }
  }
  /** All groups by their keys, ascending: numbers by value, then texts in byte order. One order, whatever came first. */
  inOrder(): Uint32Array {
    let groups: Uint32Array = rowNumbers(this.size).slice()
    for (let k = this.by.length - 1; k >= 0; k--) groups = this.sortedBy(k, groups)
    return groups
  }
  /** A counting sort by the rank of a key, which leaves equal ones as they stand. */
  private sortedBy(k: number, groups: Uint32Array): Uint32Array {
    const interner = this.interners[k]!
    const rank = interner.ranks((a, b) => compareKeys(interner.text(a), interner.text(b)))
    const start = new Uint32Array(rank.length + 1)
    const keys = groups.map((g) => rank[this.key(g, k)]!)
    for (const r of keys) start[r + 1]!++
    for (let r = 0; r < rank.length; r++) start[r + 1]! += start[r]!
    const out = new Uint32Array(groups.length)
    for (let i = 0; i < groups.length; i++) out[start[keys[i]!]!++] = groups[i]!
    return out
  }
}

/** Numbers by value, equal ones by their text; then texts. */
function compareKeys(a: string, b: string): number {
  const [x, y] = [numberOf(a), numberOf(b)]
  const [p, q] = [x === x, y === y]
  if (p !== q) return p ? -1 : 1
  return (p ? x - y : 0) || compareTexts(a, b)
}

/** Whether a state's key falls to the part: by its texts alone, so that it falls to the same one in every state. */
function fallsTo(keys: readonly (Column | undefined)[], row: number, part: Part): boolean {
  let h = 0
  for (const c of keys) {
    const text = textOf(valueAt(c, row)) ?? ''
    for (let i = 0; i < text.length; i++) h = (Math.imul(h, 31) + text.charCodeAt(i)) | 0
    h = Math.imul(h ^ (h >>> 15), 0x85ebca6b)
  }
  return (h >>> 0) % part.of === part.index
}

function withKeys(a: Assigned): Assigned {
  if (a.groups.indexOf(-1) < 0) return a
  const rows = new Uint32Array(a.rows.length)
  const groups = new Int32Array(a.rows.length)
  let n = 0
  for (let i = 0; i < a.rows.length; i++) {
    if (a.groups[i]! < 0) continue
    rows[n] = a.rows[i]!
    groups[n++] = a.groups[i]!
  }
  return { rows: rows.subarray(0, n), groups: groups.subarray(0, n) }
}

function distinct(a: Assigned): Assigned {
  const seen = new Pairs()
  const rows: number[] = []
  const groups: number[] = []
  for (let i = 0; i < a.rows.length; i++) {
    if (seen.id(a.rows[i]!, a.groups[i]!) !== rows.length) continue
    rows.push(a.rows[i]!)
    groups.push(a.groups[i]!)
  }
  return { rows: Uint32Array.from(rows), groups: Int32Array.from(groups) }
}
