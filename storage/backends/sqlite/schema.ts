import { StoreError } from '../../event-store'
import type { Connection } from './connection'

/** Of an index file. A newer one is refused, an older one is migrated, a step per version. */
export const FILE_VERSION = 3

/** Every printable character but the blank belongs to a term; it is the store that cuts. Quotes are doubled: the list stands in a string within a string. */
const TOKENIZER = `ascii tokenchars '!"#$%&''''()*+,-./:;<=>?@[\\]^_\`{|}~'`.replaceAll('"', '""')

/**
 * A block holds up to 256 events of one (sourcetype, source, segmentation), in the order of events (`_time` descending, then serial
 * descending). `segmentation`: how their texts are cut into terms; null is in full.
 * Times are microseconds. `serial` … `last`: bounds of its serials; `serials`: packed, empty when they count down by one from `last`.
 * `hosts`, `zones`: JSON lists of the distinct ones; `host`, `zone`: a packed number per event, empty when there is one.
 * `plain`: folding changes nothing but A–Z. `extra`: JSON of the indexed fields, a list with null or an object per event; empty when none has any.
 * `gone`: a byte per event, 1 where removed; null when none is.
 * `post`: for terms of several events of a block, which ones; a row holds several blocks, `block` is the first (`postings.ts`).
 */
const TABLES = `
CREATE TABLE blk(id INTEGER PRIMARY KEY, serial INT, last INT, tmin INT, tmax INT, n INT, sourcetype TEXT, source TEXT, hosts TEXT, zones TEXT,
  plain INT, codec INT, len INT, serials BLOB, offs BLOB, times BLOB, itimes BLOB, host BLOB, zone BLOB, extra BLOB, gone BLOB, raw BLOB,
  segmentation TEXT);
CREATE INDEX blk_t ON blk(tmin, tmax);
CREATE INDEX blk_s ON blk(serial, last);
CREATE TABLE tail(serial INTEGER PRIMARY KEY, time INT, itime INT, host TEXT, sourcetype TEXT, source TEXT, zone TEXT, extra TEXT, raw BLOB,
  segmentation TEXT);
CREATE VIRTUAL TABLE fts USING fts5(t, content='', detail=none, columnsize=0, tokenize="${TOKENIZER}");
CREATE VIRTUAL TABLE vocab USING fts5vocab(fts, row);
`
const POSTINGS = 'CREATE TABLE post(term TEXT, block INT, data BLOB, PRIMARY KEY(term, block)) WITHOUT ROWID;'
const SEGMENTATION = ['blk', 'tail'].map((table) => `ALTER TABLE ${table} ADD COLUMN segmentation TEXT;`).join(' ')
/** From version i + 1 to the next. Blocks without postings are looked at; events from before are cut in full. */
const STEPS: readonly string[] = [POSTINGS, SEGMENTATION]
const COMMON = 'PRAGMA temp_store=MEMORY; PRAGMA busy_timeout=5000;'
const READING = `${COMMON} PRAGMA cache_size=-65536; PRAGMA mmap_size=2000000000;`
/** No pages mapped, and a small cache: who writes reads little, and both count as memory of the process. */
const WRITING = `${COMMON} PRAGMA cache_size=-16384; PRAGMA mmap_size=0; PRAGMA wal_autocheckpoint=4000;`

/** @param durable false: no waiting for the disk, for a store that is removed at the end */
export async function prepareFile(connection: Connection, durable: boolean): Promise<void> {
  await connection.exec(`PRAGMA page_size=8192; PRAGMA journal_mode=WAL; PRAGMA synchronous=${durable ? 'FULL' : 'OFF'}; ${WRITING}`)
  await migrate(connection, FILE_VERSION, TABLES + POSTINGS, STEPS)
}

export async function prepareReading(connection: Connection): Promise<void> {
  await connection.exec(READING)
  checkVersion(connection.path, await versionOf(connection), FILE_VERSION)
}

/** Makes the tables of a new file; brings an older one up to date; refuses one of a newer version. */
export async function migrate(connection: Connection, version: number, tables: string, steps: readonly string[] = []): Promise<void> {
  const found = await versionOf(connection)
  checkVersion(connection.path, found, version)
  const missing = found === 0 ? tables : steps.slice(found - 1, version - 1).join(' ')
  if (found < version) await connection.exec(`BEGIN; ${missing} PRAGMA user_version=${version}; COMMIT;`)
}

async function versionOf(connection: Connection): Promise<number> {
  return (await connection.get<{ user_version: number }>('PRAGMA user_version'))!.user_version
}

function checkVersion(path: string, found: number, known: number): void {
  if (found > known)
    throw new StoreError('newer', `${path} was written by a newer version of Headstand (format ${found}, this version knows ${known}).`)
}
