import type { Readable, Writable } from 'node:stream'

/** What a sub-command sees of the process that runs it. */
export interface Terminal {
  readonly stdin: Readable
  readonly env: Readonly<Record<string, string | undefined>>
  /** Whether somebody watches the standard error, so that a line may be written over. */
  readonly watched: boolean
  /** Columns of the standard error. */
  readonly columns: number
  /** Resolves when more may be written. @throws OutputClosed when the reader has gone */
  out(text: string): Promise<void>
  err(text: string): void
  /** Aborted at the first SIGINT or SIGTERM after this call; the second one of a kind ends the process at once. */
  interrupted(): AbortSignal
}

/** Whoever read the standard output has gone: `headstand search … | head -1`. */
export class OutputClosed extends Error {
  override readonly name = 'OutputClosed'
}

/** The terminal of this process. */
export function processTerminal(): Terminal {
  const { stdin, stdout, stderr, env } = process
  let closed: NodeJS.ErrnoException | undefined
  let interruption: AbortSignal | undefined
  stdout.on('error', (error: NodeJS.ErrnoException) => {
    closed = error
  })
  return {
    get stdin() {
      return stdin
    },
    env,
    watched: stderr.isTTY === true,
    columns: stderr.columns ?? 80,
    async out(text) {
      if (!closed && !stdout.write(text)) await drained(stdout)
      if (closed) throw closed.code === 'EPIPE' ? new OutputClosed() : closed
    },
    err: (text) => void stderr.write(text),
    interrupted() {
      interruption ??= firstSignal()
      return interruption
    },
  }
}

const drained = (stream: Writable): Promise<void> =>
  new Promise((resolve) => {
    const end = () => {
      stream.off('drain', end).off('error', end).off('close', end)
      resolve()
    }
    stream.on('drain', end).on('error', end).on('close', end)
  })

function firstSignal(): AbortSignal {
  const control = new AbortController()
  const end = (signal: NodeJS.Signals) => control.abort(signal)
  process.once('SIGINT', end).once('SIGTERM', end)
  return control.signal
}
