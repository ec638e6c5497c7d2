import type { EventMeta, SearchHead } from '../../search/head'
import { type Intake, Share } from './intake'
import { CollectorProblem } from './problems'

/**
 * Gives a body of raw bytes to the head, chunk by chunk as it takes them, and resolves when all its events are durable.
 * @throws CollectorProblem 5 for an empty body; UnknownIndex
 */
export async function takeRaw(
  { head, intake }: { head: SearchHead; intake: Intake },
  meta: EventMeta,
  chunks: AsyncIterable<Uint8Array>,
): Promise<void> {
  const writer = await head.raw(meta)
  const share = new Share(intake)
  let bytes = 0
  try {
    for await (const chunk of chunks) {
      share.take(chunk.length)
      bytes += chunk.length
      await writer.write(chunk)
      share.give(chunk.length)
    }
    if (bytes === 0) throw new CollectorProblem(5)
    await writer.end()
  } catch (error) {
    writer.abort()
    throw error
  } finally {
    share.end()
  }
}
