import type { IncomingMessage } from 'node:http'
import type { Readable } from 'node:stream'
import { createGunzip, createInflate } from 'node:zlib'
import { CollectorProblem } from './problems'

/**
 * The chunks of a body, decompressed. The request outlives them: it still has to carry the answer.
 * @throws CollectorProblem 6 for a bad or unknown encoding, 9 above `mostBytes`
 */
export async function* bodyChunks(request: IncomingMessage, mostBytes: number): AsyncGenerator<Buffer> {
  let bytes = 0
  for await (const chunk of decoded(request)) {
    bytes += chunk.length
    if (bytes > mostBytes) throw new CollectorProblem(9)
    yield chunk
  }
}

async function* decoded(request: IncomingMessage): AsyncGenerator<Buffer> {
  const encoding = (request.headers['content-encoding'] ?? 'identity').toLowerCase()
  if (encoding === 'identity') return yield* request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>
  const decoder = encoding === 'gzip' || encoding === 'x-gzip' ? createGunzip() : encoding === 'deflate' ? createInflate() : undefined
  if (!decoder) throw new CollectorProblem(6)
  request.once('error', (error) => decoder.destroy(error))
  try {
    yield* request.pipe(decoder) as Readable as AsyncIterable<Buffer>
  } catch (error) {
    throw isZlib(error) ? new CollectorProblem(6) : error
  } finally {
    request.unpipe(decoder)
    decoder.destroy()
  }
}

/** Errors of the decoder say so in their code: `Z_DATA_ERROR`, `Z_BUF_ERROR` for a body that is cut off. */
const isZlib = (error: unknown): boolean => String((error as { readonly code?: unknown } | null)?.code).startsWith('Z_')
