import { setImmediate } from 'node:timers/promises'

const MOST_PIECES = 1_000
const MOST_MILLISECONDS = 5
const MOST_CHARACTERS = 65_536

/**
 * Joins pieces to texts of about 64 KB and gives the event loop a turn at least every 1,000 pieces or 5 ms, whichever is first:
 * a page of 100,000 rows would else stop every other request.
 */
export async function* paced(pieces: Iterable<string>): AsyncGenerator<string> {
  let text = ''
  let count = 0
  let since = performance.now()
  for (const piece of pieces) {
    text += piece
    count++
    if (text.length >= MOST_CHARACTERS) {
      yield text
      text = ''
    }
    if (count < MOST_PIECES && (count & 15 || performance.now() - since < MOST_MILLISECONDS)) continue
    await setImmediate()
    count = 0
    since = performance.now()
  }
  if (text) yield text
}

/** The same over the chunks of a stream: what a chunk gives is sent before the next is waited for. */
export async function* pacedChunks(chunks: AsyncIterable<Iterable<string>>): AsyncGenerator<string> {
  for await (const pieces of chunks) yield* paced(pieces)
}
