import { createReadStream } from 'node:fs'
import { addAbortSignal, Readable } from 'node:stream'
import { createGunzip } from 'node:zlib'

/** A file, or a stream under a name. */
export interface EventFile {
  /** The path; what messages call a stream. */
  readonly name: string
  readonly stream?: Readable
}

/** Files that hold events in a form of their own, by their first bytes. */
const REFUSED: readonly (readonly [magic: string, what: string])[] = [
  ['ElfFile\0', 'a binary Windows event log (.evtx); write it as XML first'],
  ['\x28\xB5\x2F\xFD', 'compressed with Zstandard; unpack it first'],
  ['PK\x03\x04', 'a ZIP archive; unpack it first'],
  ['\xFD7zXZ\0', 'compressed with xz; unpack it first'],
  ['BZh', 'compressed with bzip2; unpack it first'],
]

/**
 * The bytes of a file, unpacked where they are gzip.
 * @param read  is told how many bytes of the file itself were read
 * @param signal  ends the reading, also while nothing comes
 * @throws Error for a form that is not read, or a file that cannot be
 */
export async function* bytesOf(
  { name, stream }: EventFile,
  read: (bytes: number) => void = () => {},
  signal?: AbortSignal,
): AsyncGenerator<Buffer> {
  const file = stream ?? createReadStream(name, { highWaterMark: 1 << 18 })
  const source = (signal ? addAbortSignal(signal, file) : file)[Symbol.asyncIterator]() as AsyncIterator<Buffer>
  const first = await headOf(source)
  const refused = REFUSED.find(([magic]) => first.toString('latin1', 0, magic.length) === magic)
  if (refused) throw new Error(`Not supported by Headstand: ${name} is ${refused[1]}.`)
  const packed = first[0] === 0x1f && first[1] === 0x8b
  const chunks = counted(first, source, read)
  yield* packed ? unpacked(chunks, name) : chunks
}

/** At least eight bytes, where there are that many. */
async function headOf(source: AsyncIterator<Buffer>): Promise<Buffer> {
  let head: Buffer = Buffer.alloc(0)
  while (head.length < 8) {
    const { done, value } = await source.next()
    if (done) break
    head = Buffer.concat([head, Buffer.from(value)])
  }
  return head
}

async function* counted(first: Buffer, source: AsyncIterator<Buffer>, read: (bytes: number) => void): AsyncGenerator<Buffer> {
  try {
    for (let chunk: Buffer | undefined = first; chunk !== undefined; ) {
      read(chunk.length)
      if (chunk.length > 0) yield chunk
      const next: IteratorResult<Buffer> = await source.next()
      chunk = next.done ? undefined : Buffer.from(next.value)
    }
  } finally {
    await source.return?.()
  }
}

async function* unpacked(chunks: AsyncIterable<Buffer>, name: string): AsyncGenerator<Buffer> {
  const packed = Readable.from(chunks)
  const gunzip = createGunzip()
  packed.on('error', (error) => gunzip.destroy(error))
  try {
    yield* packed.pipe(gunzip) as AsyncIterable<Buffer>
  } catch (error) {
    throw new Error(`${name}: ${(error as Error).message}`)
  } finally {
    packed.destroy()
    gunzip.destroy()
  }
}
