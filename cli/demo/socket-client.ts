import { WebSocket } from 'ws'
import { isNothing } from '../../output/rows'
import type { Rows } from '../../search/head'
import { type ClientRow, OWN_CERTIFICATE } from './rest-client'

type Said = { readonly type: string } & Partial<Rows> & {
    readonly dispatchState?: string
    readonly messages?: readonly { readonly text: string }[]
  }

/** Runs a search over the WebSocket. @returns its final rows @throws Error with what the server said */
export function rowsOverSocket(url: string, sessionKey: string, search: string): Promise<readonly ClientRow[]> {
  const socket = new WebSocket(url, { headers: { authorization: `Splunk ${sessionKey}` }, ...OWN_CERTIFICATE })
  const rows: ClientRow[] = []
  return new Promise<readonly ClientRow[]>((resolve, reject) => {
    socket.on('error', reject)
    socket.on('close', () => reject(new Error('The server closed the WebSocket.')))
    socket.on('open', () => socket.send(JSON.stringify({ type: 'search', id: 'demo', search })))
    socket.on('message', (data: Buffer) => {
      const said = JSON.parse(data.toString('utf8')) as Said
      if (said.type === 'results') rows.push(...rowsOf(said as Said & Rows))
      else if (said.type === 'error' || said.dispatchState === 'FAILED') reject(new Error(`The search failed: ${textOf(said)}`))
      else if (said.type === 'done') resolve(rows)
    })
  }).finally(() => socket.close())
}

const textOf = ({ messages = [] }: Said): string => messages.map(({ text }) => text).join(' ')

const rowsOf = ({ fields, rows }: Rows): readonly ClientRow[] =>
  rows.map((row) => {
    const cells = fields.map((name, i) => [name, row[i] ?? null] as const)
    return Object.fromEntries(cells.filter(([, cell]) => !isNothing(cell))) as ClientRow
  })
