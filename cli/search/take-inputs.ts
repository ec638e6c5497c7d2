import { statSync } from 'node:fs'
import type { EventFile } from '../../search/event-files/bytes'
import type { TakingFile } from '../../search/event-files/take-file'
import type { SearchHead } from '../../search/head'
import { bar, counted, StatusLine } from '../status-line'
import type { Terminal } from '../terminal'

export interface Taken {
  readonly events: number
  readonly seconds: number
}

/** `-` is the standard input. */
const eventFile = (name: string, terminal: Terminal): EventFile => (name === '-' ? { name: 'stdin', stream: terminal.stdin } : { name })

const sizeOf = (name: string): number => (name === '-' ? Number.NaN : statSync(name).size)

/** Reads files into the head, with a bar while it lasts. @throws Error that names the file */
export async function takeInputs(head: SearchHead, names: readonly string[], taking: TakingFile, terminal: Terminal): Promise<Taken> {
  const { takeFile } = require('../../search/event-files/take-file') as typeof import('../../search/event-files/take-file')
  const total = names.map(sizeOf).reduce((sum, size) => sum + size, 0)
  const since = performance.now()
  const seconds = () => Math.max(0.001, (performance.now() - since) / 1000)
  const done = { bytes: 0, events: 0 }
  const now = { bytes: 0, events: 0 }
  const line = new StatusLine(
    terminal,
    () => {
      const events = done.events + now.events
      const share = Number.isNaN(total) ? '' : `${bar((done.bytes + now.bytes) / total)}  `
      return `${share}${counted(events, 'event')}  ${counted(Math.round(events / seconds()), 'event')}/s`
    },
    500,
  )
  try {
    for (const name of names) {
      done.events += await takeFile(head, eventFile(name, terminal), {
        ...taking,
        progress: (bytes, events) => Object.assign(now, { bytes, events }),
      })
      done.bytes += now.bytes
      Object.assign(now, { bytes: 0, events: 0 })
    }
  } finally {
    line.stop()
  }
  return { events: done.events, seconds: seconds() }
}
