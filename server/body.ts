import type { IncomingMessage } from 'node:http'
import { refused } from './errors'

/**
 * The body of a request, whole.
 * @throws HttpProblem 413 above `mostBytes`
 */
export async function readBody(request: IncomingMessage, mostBytes: number): Promise<Buffer> {
  const chunks: Buffer[] = []
  let bytes = 0
  // Destroyed at the throw, the socket could not carry the refusal.
  for await (const chunk of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    bytes += chunk.length
    if (bytes > mostBytes) throw refused(413, `The body is larger than ${mostBytes} bytes.`)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}
