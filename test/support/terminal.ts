import { Readable } from 'node:stream'
import type { Terminal } from '../../cli/terminal'

/** A terminal that keeps what is written. */
export interface KeptTerminal extends Terminal {
  readonly kept: { out: string; err: string }
  interrupt(): void
}

export function keptTerminal(given: { readonly stdin?: string | Uint8Array; readonly env?: Terminal['env'] } = {}): KeptTerminal {
  const kept = { out: '', err: '' }
  const control = new AbortController()
  return {
    kept,
    stdin: Readable.from(given.stdin === undefined ? [] : [Buffer.from(given.stdin as string)]),
    env: given.env ?? {},
    watched: false,
    columns: 80,
    async out(text) {
      kept.out += text
    },
    err(text) {
      kept.err += text
    },
    interrupted: () => control.signal,
    interrupt: () => control.abort('SIGINT'),
  }
}
