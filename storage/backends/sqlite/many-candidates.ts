import type { Terms } from '../../../spl/expressions/predicate'
import type { StoreQuery } from '../../event-store'
import { type BlockFacts, blockFilter } from '../../matching/block-filter'
import { termsNeeded } from '../../matching/event-filter'
import { Bits } from './bits'
import type { Connection } from './connection'
import { TermLookup } from './lookup'
import { bound, type FileCandidate, type SnapshotFile } from './snapshot-file'

/** Blocks of one file that some of several queries may find events in, and which queries. */
export interface ManyCandidates {
  readonly blocks: readonly FileCandidate[]
  /** Numbers of queries, for each of the blocks. */
  readonly asking: readonly Uint32Array[]
}

type Row = FileCandidate & { readonly sourcetype: string; readonly source: string; readonly hosts: string }
/** One query on its way through the lookups. */
interface Asked {
  readonly number: number
  readonly needs: Terms | undefined
  blocks: Bits
}

/**
 * What `candidates` answers, for many queries over the same time range. Each distinct term is looked up once, and beginnings of terms, which
 * cost most, only for queries that what is known of the blocks and the whole terms have left some.
 */
export async function manyCandidates(connection: Connection, f: SnapshotFile, queries: readonly StoreQuery[]): Promise<ManyCandidates> {
  const { earliest, latest } = queries[0]!
  const rows = await connection.all<Row>(
    'SELECT id, n, tmin, tmax, sourcetype, source, hosts FROM blk WHERE id <= ? AND tmax >= ? AND tmin < ? ORDER BY id',
    f.lastBlock,
    bound(earliest),
    bound(latest),
  )
  let asked = byFacts(f, rows, queries)
  const lookup = new TermLookup(connection, f.lastBlock)
  for (const whole of [true, false]) {
    await lookup.ask(
      asked.flatMap((a) => a.needs ?? []),
      whole,
    )
    asked = asked.filter((a) => {
      const found = a.needs && lookup.blocks(a.needs)
      if (found) a.blocks = a.blocks.both(found)
      return !a.blocks.empty
    })
  }
  return byBlock(rows, asked)
}

function byFacts(f: SnapshotFile, rows: readonly Row[], queries: readonly StoreQuery[]): Asked[] {
  const kinds = kindsOf(f, rows)
  return queries.flatMap((q, number) => {
    const keep = blockFilter(q.filter)
    const blocks = Bits.none(f.lastBlock)
    for (const k of kinds) if (!keep || keep(k.facts)) blocks.or(k.blocks)
    if (blocks.empty) return []
    const needs = [termsNeeded(q.filter), q.hints].filter((t) => t !== undefined)
    return [{ number, needs: needs.length > 0 ? { all: needs } : undefined, blocks }]
  })
}

/** Blocks whose events have the same in common are judged together: there are few kinds. */
function kindsOf(f: SnapshotFile, rows: readonly Row[]): { readonly facts: BlockFacts; readonly blocks: Bits }[] {
  const kinds = new Map<string, { readonly facts: BlockFacts; readonly blocks: Bits }>()
  for (const r of rows) {
    const key = JSON.stringify([r.sourcetype, r.source, r.hosts])
    let kind = kinds.get(key)
    if (!kind) {
      const facts = { index: f.index, sourcetype: r.sourcetype, source: r.source, hosts: JSON.parse(r.hosts) as string[] }
      kinds.set(key, (kind = { facts, blocks: Bits.none(f.lastBlock) }))
    }
    kind.blocks.add(r.id, f.lastBlock)
  }
  return [...kinds.values()]
}

function byBlock(rows: readonly Row[], asked: readonly Asked[]): ManyCandidates {
  const lists = new Map<number, number[]>()
  for (const a of asked) {
    for (const id of a.blocks.list()) {
      const list = lists.get(id)
      if (list) list.push(a.number)
      else lists.set(id, [a.number])
    }
  }
  const blocks = rows.filter((r) => lists.has(r.id))
  return { blocks, asking: blocks.map((r) => Uint32Array.from(lists.get(r.id)!)) }
}
