import type { BlockRow } from './block'
import type { Connection } from './connection'
import { unpack } from './packed'

/** Serials of a file's events, removed ones too: what was removed does not come back with a repeat. */
export async function serialsBetween(connection: Connection, first: number, last: number): Promise<Set<number>> {
  const tail = await connection.all<{ serial: number }>('SELECT serial FROM tail WHERE serial BETWEEN ? AND ?', first, last)
  const blocks = await connection.all<Pick<BlockRow, 'last' | 'n' | 'serials'>>(
    'SELECT last, n, serials FROM blk WHERE serial <= ? AND last >= ?',
    last,
    first,
  )
  const found = new Set(tail.map((r) => r.serial))
  for (const b of blocks) {
    const serials = b.serials ? unpack(b.serials, b.n) : Float64Array.from({ length: b.n }, (_, i) => b.last - i)
    for (const s of serials) found.add(s)
  }
  return found
}
