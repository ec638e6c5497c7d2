import { type FileHandle, mkdir, open } from 'node:fs/promises'
import { dirname } from 'node:path'
import { alive, type Batch } from '../../spl/batch/batch'
import { decodeBatch, encodeBatch } from '../../spl/batch/codec'

/** Where a frame of rows stands in a spool file; places in bytes. */
export interface Frame {
  readonly offset: number
  readonly length: number
  readonly rows: number
  /** The frame itself where it is in no file: most searches have few rows, and a file takes longer than they. */
  readonly bytes?: Uint8Array
}
/** Bytes of a spool that stay in memory: a head keeps thousands of jobs. */
const IN_MEMORY = 4096

/** Writes rows to a file, a frame a batch; the first few stay in memory. One writer a file; its calls come one after another. */
export class SpoolWriter {
  private handle: FileHandle | undefined
  private size = 0
  private inMemory = 0
  rows = 0
  constructor(readonly path: string) {}

  get bytes(): number {
    return this.inMemory + this.size
  }
  async write(b: Batch): Promise<Frame> {
    const bytes = encodeBatch(b, b.names())
    if (!this.handle && this.inMemory + bytes.length <= IN_MEMORY) {
      this.inMemory += bytes.length
      this.rows += alive(b)
      return { offset: 0, length: bytes.length, rows: alive(b), bytes }
    }
    return this.writeFile(bytes, alive(b))
  }
  private async writeFile(bytes: Uint8Array, rows: number): Promise<Frame> {
    if (!this.handle) {
      await mkdir(dirname(this.path), { recursive: true })
      this.handle = await open(this.path, 'w', 0o600)
    }
    // A disk that fills up takes a part first, and says so at the next call.
    for (let done = 0; done < bytes.length; )
      done += (await this.handle.write(bytes, done, bytes.length - done, this.size + done)).bytesWritten
    const frame = { offset: this.size, length: bytes.length, rows }
    this.size += bytes.length
    this.rows += frame.rows
    return frame
  }
  async close(): Promise<void> {
    const h = this.handle
    this.handle = undefined
    await h?.close()
  }
}

/** Reads frames that a writer, in this or another process, has said to be there. The file is open only while it is read. */
export class SpoolReader {
  readonly frames: Frame[] = []
  /** First row of each frame, and the count of all rows at the end. */
  private readonly starts: number[] = [0]
  constructor(readonly path: string) {}

  get rows(): number {
    return this.starts.at(-1)!
  }
  bytes = 0
  add(f: Frame): void {
    this.frames.push(f)
    this.bytes += f.length
    this.starts.push(this.rows + f.rows)
  }

  /** Batches that hold rows from `offset` on, up to `count` of them: each with the rows to take. */
  async *read(offset: number, count: number): AsyncGenerator<{ readonly batch: Batch; readonly from: number; readonly to: number }> {
    if (offset >= this.rows || count <= 0) return
    let handle: FileHandle | undefined
    try {
      let left = count
      for (let i = this.frameOf(offset); i < this.frames.length && left > 0; i++) {
        const from = Math.max(0, offset - this.starts[i]!)
        const to = Math.min(this.frames[i]!.rows, from + left)
        if (to <= from) continue
        left -= to - from
        const frame = this.frames[i]!
        if (!frame.bytes) handle ??= await open(this.path, 'r')
        yield { batch: frame.bytes ? decodeBatch(frame.bytes) : await frameAt(handle!, frame), from, to }
      }
    } finally {
      await handle?.close()
    }
  }
  /** The first frame that holds the row or one after it. */
  private frameOf(row: number): number {
    let low = 0
    let high = this.frames.length
    while (low < high) {
      const middle = (low + high) >> 1
      if (this.starts[middle + 1]! <= row) low = middle + 1
      else high = middle
    }
    return low
  }
}

async function frameAt(handle: FileHandle, f: Frame): Promise<Batch> {
  const bytes = new Uint8Array(f.length)
  for (let done = 0; done < f.length; ) {
    const { bytesRead } = await handle.read(bytes, done, f.length - done, f.offset + done)
    if (bytesRead === 0) throw new Error(`BUG: a spool ends at ${f.offset + done}, within a frame`)
    done += bytesRead
  }
  return decodeBatch(bytes)
}
