import { rm } from 'node:fs/promises'
import { StoreError } from '../../event-store'
import { columnsPathOf, type IndexFile, pathOf } from './catalogue'
import { Connection } from './connection'

/**
 * Whether no connection of any thread reads a file: SQLite leaves write-ahead mode only for the one that is alone with it. Nobody reads one
 * that is damaged.
 */
export async function unused(path: string): Promise<boolean> {
  let connection: Connection | undefined
  try {
    connection = await Connection.open(path, 'write')
    await connection.exec('PRAGMA busy_timeout=0')
    const row = await connection.get<{ journal_mode: string }>('PRAGMA journal_mode=DELETE')
    return row?.journal_mode === 'delete'
  } catch (error) {
    if (error instanceof StoreError && (error.code === 'locked' || error.code === 'damaged')) return error.code === 'damaged'
    throw error
  } finally {
    await connection?.close()
  }
}

export async function unlinkFile(dir: string, f: IndexFile): Promise<void> {
  await unlinkDatabase(columnsPathOf(dir, f)).catch(() => undefined) // nobody misses it, nor is hurt by it
  await unlinkDatabase(pathOf(dir, f))
}
/** The file itself last: whoever makes a new one finds no log of the old. A journal is left by a crash within `unused`. */
export async function unlinkDatabase(path: string): Promise<void> {
  for (const suffix of ['-wal', '-shm', '-journal', '']) await rm(path + suffix, { force: true })
}

/** Whether every page of a file can be read and fits the others. */
export async function sound(path: string): Promise<boolean> {
  const connection = await Connection.open(path, 'read')
  try {
    const rows = await connection.all<{ quick_check: string }>('PRAGMA quick_check(1)')
    return rows[0]?.quick_check === 'ok'
  } catch (error) {
    if (error instanceof StoreError && error.code === 'damaged') return false
    throw error
  } finally {
    await connection.close()
  }
}
