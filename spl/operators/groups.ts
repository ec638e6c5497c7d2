import { type Batch, rowsOf } from '../batch/batch'
import type { Column } from '../batch/column'
import { grow } from './grow'
import { Interner } from './interner'

/** Dense ids of pairs of ids: open addressing over Int32. */
export class Pairs {
  size = 0
  left = new Int32Array(256)
  right = new Int32Array(256)
  private table = new Int32Array(1024).fill(-1)

  get bytes(): number {
    return this.left.byteLength * 2 + this.table.byteLength
  }
  id(a: number, b: number): number {
    const mask = this.table.length - 1
    let s = slot(a, b) & mask
    for (;;) {
      const id = this.table[s]!
      if (id < 0) break
      if (this.left[id] === a && this.right[id] === b) return id
      s = (s + 1) & mask
    }
    const id = this.size++
    if (id >= this.left.length) {
      this.left = grow(this.left, id)
      this.right = grow(this.right, id)
    }
    this.left[id] = a
    this.right[id] = b
    this.table[s] = id
    if (this.size * 2 > mask) this.rehash()
    return id
  }
  private rehash(): void {
    const table = new Int32Array(this.table.length * 2).fill(-1)
    const mask = table.length - 1
    for (let id = 0; id < this.size; id++) {
      let s = slot(this.left[id]!, this.right[id]!) & mask
      while (table[s]! >= 0) s = (s + 1) & mask
      table[s] = id
    }
    this.table = table
  }
}
function slot(a: number, b: number): number {
  const h = Math.imul(a, 0x9e3779b1) ^ Math.imul(b, 0x85ebca6b)
  return h ^ (h >>> 15)
}

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

  /** The id of the k-th key of a group. */
  private key(group: number, k: number): number {
    let g = group
    for (let j = this.by.length - 1; j > k; j--) g = this.chain[j - 1]!.left[g]!
    return k === 0 ? g : this.chain[k - 1]!.right[g]!
  }
  keyText(group: number, k: number): string {
    return this.interners[k]!.text(this.key(group, k))
  }
  keyColumn(k: number): Column {
    const codes = new Int32Array(this.size)
    for (let g = 0; g < codes.length; g++) codes[g] = this.key(g, k)
    return { kind: 'dictionary', codes, dictionary: this.interners[k]!.dictionary }
  }
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
