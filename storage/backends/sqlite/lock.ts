import { access, constants } from 'node:fs/promises'
import { join } from 'node:path'
import { StoreError } from '../../event-store'
import { Connection } from './connection'

/**
 * Takes a folder for this process: an exclusive SQLite lock on a small file, which works on every platform and ends with the process,
 * however it ends. Answers how to give it back.
 */
export async function lockFolder(dir: string): Promise<() => Promise<void>> {
  const connection = await opened(dir)
  try {
    await connection.exec('PRAGMA busy_timeout=0; PRAGMA journal_mode=MEMORY; BEGIN EXCLUSIVE')
  } catch (error) {
    await connection.close()
    if (!(error instanceof StoreError) || error.code !== 'locked') throw error
    throw new StoreError('locked', `${dir} is in use by another Headstand process. End it first, or choose another folder.`)
  }
  return () => connection.close()
}

async function opened(dir: string): Promise<Connection> {
  await access(dir, constants.W_OK).catch(() => {
    throw new StoreError('read-only', `${dir} cannot be written to. Choose another folder for the data.`)
  })
  return Connection.open(join(dir, 'headstand.lock'), 'write')
}
