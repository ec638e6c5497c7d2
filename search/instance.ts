import { randomUUID } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { readConf, stanzasOf } from '../knowledge/conf'

/** Where Splunk keeps it too, in its folder `etc`. @source Admin Manual 9.x, instance.cfg.conf */
const FILE = 'instance.cfg'

/** The name of the head that a store belongs to: part of the ids of its buckets, so the same whenever it is started. */
export function instanceGuid(folder: string): string {
  try {
    const { guid } = stanzasOf(readConf(readFileSync(join(folder, FILE), 'utf8'))).get('general') ?? {}
    if (guid) return guid
  } catch {
    // The store is new, or of an older version.
  }
  return randomUUID().toUpperCase()
}
/** What is there stays. A store that cannot be written to goes without. */
export function keepGuid(folder: string, guid: string): void {
  try {
    writeFileSync(join(folder, FILE), `[general]\nguid = ${guid}\n`, { flag: 'wx' })
  } catch {
    // It is there, or cannot be.
  }
}
