import { mkdir, open } from 'node:fs/promises'
import { join } from 'node:path'
import { toMicros } from '../../../spl/values/time/civil'
import { StoreError } from '../../event-store'
import type { NumberedEvent } from './block'
import { type Catalogue, type FileFacts, type IndexFile, pathOf } from './catalogue'
import type { Codec } from './codec'
import { Connection } from './connection'
import { IndexWriter, type WriterOptions } from './index-writer'
import { removeSerials } from './remove'
import { prepareFile } from './schema'
import { serialsBetween } from './serials-between'

/** How the files of an index are cut and how long they stay. @source indexes.conf */
export interface IndexSettings {
  /** A file is full at so many megabytes. */
  readonly maxDataSizeMB: number
  /** … or, once it is not small, when its events span so many seconds. */
  readonly maxHotSpanSecs: number
  /** A file goes when its latest event is older. */
  readonly frozenTimePeriodInSecs: number
  /** Files that are full go, the oldest first, when all together take more. */
  readonly maxTotalDataSizeMB: number
  /** Of blocks to come; absent: that of the store. */
  readonly codec?: Codec
}
/**
 * Those of Splunk; `maxDataSize = auto` is 750 MB.
 * DIFFERS: there events go after six years; recordings of attacks are older than that, and whoever loads one wants to search it.
 */
export const INDEX_SETTINGS: IndexSettings = {
  maxDataSizeMB: 750,
  maxHotSpanSecs: 7_776_000,
  frozenTimePeriodInSecs: Number.POSITIVE_INFINITY,
  maxTotalDataSizeMB: 500_000,
}
const MB = 1 << 20
/** Of a full file: a span alone rolls none smaller, or events of many years in any order would make a file of each batch. */
const SMALL = 1 / 16

interface Hot {
  readonly file: IndexFile
  readonly writer: IndexWriter
  /** Microseconds. */
  earliest: number
  latest: number
}
export interface Place {
  readonly dir: string
  readonly durable: boolean
  /** Called after each change of a file. */
  changed(): void
  /** Names a damaged file and puts it aside. */
  setAside(f: IndexFile): Promise<void>
}

/** Writes the events of one index into one file after another. */
export class RollingWriter {
  private hot: Promise<Hot> | undefined
  private closed = false

  constructor(
    private readonly index: string,
    private readonly catalogue: Catalogue,
    private readonly place: Place,
    private readonly options: { readonly writing: WriterOptions; readonly settings: IndexSettings },
  ) {}

  /** Answers how many were stored: the others were there. @param repeat the serials may be there already */
  async append(events: readonly NumberedEvent[], repeat: boolean): Promise<number> {
    for (;;) {
      const hot = await this.opened()
      const fresh = repeat ? await this.unseen(events) : events
      if (hot.writer.closing && !this.closed) continue // it was full meanwhile, and may hold what is repeated
      try {
        const stored = await hot.writer.append(fresh, repeat)
        // What is stored is stored: a file that could not be rolled is tried again after the next append.
        await this.rollWhenFull(hot, fresh).catch(() => undefined)
        return stored
      } catch (error) {
        if (error instanceof StoreError && error.code === 'damaged') await this.abandon(hot)
        throw error
      }
    }
  }

  async seal(): Promise<void> {
    await (await this.present())?.writer.seal()
  }

  /** Answers how many were there. Only blocks can hold what is removed: a repeat must still find the serial. */
  async remove(serials: readonly number[]): Promise<number> {
    if (serials.length === 0) return 0
    const { writer } = await this.opened()
    await writer.seal()
    let removed = await writer.exclusively((connection) => removeSerials(connection, serials))
    for (const f of await this.holding(serials)) {
      const connection = await this.connect(f)
      try {
        removed += await connection.transaction(() => removeSerials(connection, serials))
      } finally {
        await connection.close()
      }
    }
    return removed
  }

  /** Seals the file that is written to and counts it as full; the next event begins another. */
  async roll(): Promise<void> {
    const hot = await this.hot
    if (hot && !hot.writer.closing) await this.rolled(hot)
  }

  /** Puts the file that is written to aside. */
  async setAside(f: IndexFile): Promise<void> {
    const hot = await this.hot
    if (hot?.file.bucket === f.bucket) await this.abandon(hot)
    else await this.place.setAside(f)
  }

  /**
   * Retires files whose events are all too old, and the oldest while there is too much; answers which.
   * @param now epoch seconds
   */
  async retain(now: number): Promise<readonly IndexFile[]> {
    const { frozenTimePeriodInSecs, maxTotalDataSizeMB } = this.options.settings
    const limit = toMicros(now - frozenTimePeriodInSecs)
    const hot = await this.present()
    if (hot && hot.latest < limit && hot.earliest <= hot.latest) await this.roll()
    const warm = await this.catalogue.warm(this.index)
    let bytes = warm.reduce((sum, f) => sum + f.bytes, (await this.hot)?.writer.bytes ?? 0)
    const retired: IndexFile[] = []
    for (const f of warm) {
      if (f.tmax >= limit && bytes <= maxTotalDataSizeMB * MB) break
      await this.catalogue.retire(f)
      bytes -= f.bytes
      retired.push(f)
    }
    return retired
  }

  async close(): Promise<void> {
    this.closed = true
    await (await this.hot)?.writer.close()
  }

  /** What is written to, if there is a file: what a crash left there counts. */
  private async present(): Promise<Hot | undefined> {
    return this.hot || (await this.catalogue.hot(this.index)) ? this.opened() : undefined
  }

  private opened(): Promise<Hot> {
    if (!this.hot) {
      const opening = this.openHot()
      this.hot = opening
      opening.catch(() => {
        if (this.hot === opening) this.hot = undefined
      })
    }
    return this.hot
  }

  private async openHot(): Promise<Hot> {
    const present = await this.catalogue.hot(this.index)
    const file = present ?? { index: this.index, bucket: await this.catalogue.nextBucket(this.index) }
    await mkdir(join(this.place.dir, this.index), { recursive: true })
    if (!present) await this.keepFolder()
    const connection = await this.connect(file)
    try {
      // Told to readers once its tables are there.
      if (!present) await this.catalogue.addFile(file)
      const writer = await IndexWriter.open(connection, this.options.writing)
      const facts = await writer.facts()
      return { file, writer, earliest: facts?.tmin ?? Number.POSITIVE_INFINITY, latest: facts?.tmax ?? Number.NEGATIVE_INFINITY }
    } catch (error) {
      await connection.close()
      throw error
    }
  }

  /** SQLite sees to the names in the index's folder, not to that of the folder, which may be new. */
  private async keepFolder(): Promise<void> {
    if (!this.place.durable) return
    const folder = await open(this.place.dir).catch(() => undefined) // Windows opens no folders
    await folder?.sync().finally(() => folder.close())
  }

  private async connect(f: IndexFile): Promise<Connection> {
    const connection = await Connection.open(pathOf(this.place.dir, f), 'write', () => this.place.changed())
    try {
      await prepareFile(connection, this.place.durable)
      return connection
    } catch (error) {
      await connection.close()
      throw error
    }
  }

  private async rollWhenFull(hot: Hot, events: readonly NumberedEvent[]): Promise<void> {
    for (const e of events) {
      const time = toMicros(e.time)
      if (time < hot.earliest) hot.earliest = time
      if (time > hot.latest) hot.latest = time
    }
    if (hot.writer.closing) return
    const { maxDataSizeMB, maxHotSpanSecs } = this.options.settings
    const filled = hot.writer.bytes / (maxDataSizeMB * MB)
    if (filled >= 1 || (filled >= SMALL && hot.latest - hot.earliest > maxHotSpanSecs * 1e6)) await this.rolled(hot)
  }

  /** A crash in between leaves the file as the one that is written to. */
  private async rolled({ file, writer }: Hot): Promise<void> {
    writer.closing = true
    const rolling = (async () => {
      const facts = await sealed(writer).finally(() => writer.abandon())
      await this.catalogue.roll(file, facts)
      return this.openHot()
    })()
    this.hot = rolling
    rolling.catch(() => {
      if (this.hot === rolling) this.hot = undefined
    })
    await rolling
  }

  private async abandon({ file, writer }: Hot): Promise<void> {
    if (writer.closing) return
    this.hot = undefined
    await writer.abandon()
    await this.place.setAside(file)
  }

  /** Full files that may hold some of these serials. */
  private async holding(serials: readonly number[]): Promise<IndexFile[]> {
    const first = serials.reduce((a, b) => Math.min(a, b))
    const last = serials.reduce((a, b) => Math.max(a, b))
    return (await this.catalogue.warm(this.index)).filter((f) => f.first <= last && f.last >= first)
  }

  private async unseen(events: readonly NumberedEvent[]): Promise<readonly NumberedEvent[]> {
    if (events.length === 0) return events
    let left = events
    for (const f of await this.holding(events.map((e) => e.serial))) {
      const connection = await Connection.open(pathOf(this.place.dir, f), 'read')
      const known = await serialsBetween(connection, events[0]!.serial, events.at(-1)!.serial).finally(() => connection.close())
      left = left.filter((e) => !known.has(e.serial))
    }
    return left
  }
}

async function sealed(writer: IndexWriter): Promise<FileFacts> {
  await writer.seal()
  return (await writer.facts()) ?? { first: 0, last: -1, tmin: 0, tmax: 0, bytes: 0 }
}
