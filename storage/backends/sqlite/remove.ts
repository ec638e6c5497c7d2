import { BLOCK_COLUMNS, type BlockRow } from './block'
import { readBlock } from './block-events'
import type { Connection } from './connection'

/** Marks events as removed, inside a transaction; all of them stand in blocks. Answers how many were there. */
export async function removeSerials(connection: Connection, serials: readonly number[]): Promise<number> {
  if (serials.length === 0) return 0
  const wanted = new Set(serials)
  const [first, last] = serials.reduce(([a, b], s) => [Math.min(a, s), Math.max(b, s)], [Number.MAX_SAFE_INTEGER, 0])
  const ids = await connection.all<{ id: number }>('SELECT id FROM blk WHERE serial <= ? AND last >= ?', last, first)
  let removed = 0
  for (const { id } of ids) removed += await removeFrom(connection, id, wanted)
  // Readers that keep blocks in memory read them anew.
  if (removed > 0) await connection.exec(`PRAGMA application_id=${(await removalsOf(connection)) + 1}`)
  return removed
}

/** How often events were removed from a file: kept in its header, where a user's number has its place. */
export async function removalsOf(connection: Connection): Promise<number> {
  return (await connection.get<{ application_id: number }>('PRAGMA application_id'))!.application_id
}

async function removeFrom(connection: Connection, id: number, wanted: ReadonlySet<number>): Promise<number> {
  const row = await connection.get<BlockRow>(`SELECT ${BLOCK_COLUMNS.join(', ')} FROM blk WHERE id = ?`, id)
  const events = readBlock(row!, row!)
  const gone = Buffer.from(events.gone ?? new Uint8Array(events.rows))
  let removed = 0
  for (let i = 0; i < events.rows; i++) {
    if (gone[i] === 1 || !wanted.has(events.serials[i]!)) continue
    gone[i] = 1
    removed++
  }
  if (removed > 0) await connection.run('UPDATE blk SET gone = ? WHERE id = ?', gone, id)
  return removed
}
