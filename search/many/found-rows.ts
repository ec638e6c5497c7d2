import { alive, type Batch, rowsOf } from '../../spl/batch/batch'
import { Gather, type Unify } from '../../spl/batch/gather'
import { pickedOrder } from '../../spl/batch/order'

/** Rows that one search is given at a time, where so many come: few rows at a time cost a regex that is watched more than its matching. */
const ROWS = 1024

/** Rows for one search, in the order of events but for those that stand on one page. */
export interface Found {
  readonly search: number
  readonly batch: Batch
  /** No row that is found later has a greater `_time`. */
  readonly next: number
  readonly rows: number
}
interface Waiting {
  parts: Batch[]
  rows: number
}

/** Gathers the rows that pages have for searches, so that stages have enough to do at a time. */
export class FoundRows {
  private readonly waiting = new Map<number, Waiting>()
  private readonly full = new Set<number>()

  constructor(
    private readonly unify: Unify,
    private readonly found: (f: Found) => void,
  ) {}

  keep(search: number, batch: Batch): void {
    let own = this.waiting.get(search)
    if (!own) this.waiting.set(search, (own = { parts: [], rows: 0 }))
    own.parts.push(batch)
    own.rows += alive(batch)
    if (own.rows >= ROWS) this.full.add(search)
  }
  /** After each page. @param next bound of `_time` of all later ones */
  page(next: number): void {
    for (const search of this.full) this.give(search, next)
    this.full.clear()
  }
  end(next: number): void {
    for (const search of this.waiting.keys()) this.give(search, next)
  }

  private give(search: number, next: number): void {
    const { parts, rows } = this.waiting.get(search)!
    this.waiting.delete(search)
    this.found({ search, batch: joined(parts, this.unify), next, rows })
  }
}

/** The rows of several pages as one batch, page after page. */
function joined(parts: readonly Batch[], unify: Unify): Batch {
  if (parts.length === 1) return parts[0]!
  const rows = parts.reduce((n, b) => n + alive(b), 0)
  const part = new Uint16Array(rows)
  const row = new Uint32Array(rows)
  let at = 0
  for (const [i, b] of parts.entries()) {
    const picked = rowsOf(b)
    row.set(picked, at)
    part.fill(i, at, at + picked.length)
    at += picked.length
  }
  return new Gather(
    { parts, part, row },
    pickedOrder(
      parts.map((b) => b.order!),
      part,
      row,
    ),
    unify,
  )
}
