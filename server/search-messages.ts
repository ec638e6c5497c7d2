import type { Message, Rows } from '../output/rows'
import type { Problem } from '../spl/text/problem'
import type { Span } from '../spl/text/source'

/** What a client of the WebSocket asks. */
export type ClientMessage =
  | {
      readonly type: 'search'
      readonly id: string
      readonly search: string
      readonly earliest_time?: string
      readonly latest_time?: string
      readonly preview: boolean
    }
  | { readonly type: 'attach'; readonly id: string; readonly sid: string; readonly offset: number }
  | { readonly type: 'cancel'; readonly id: string }

/** A message with its place in the search, so that a page can underline it. */
export interface PlacedMessage extends Message {
  readonly code?: string
  readonly span?: Span
  readonly hint?: string
}

export type ServerMessage =
  | { readonly type: 'job'; readonly id: string; readonly sid: string }
  | {
      readonly type: 'progress'
      readonly id: string
      readonly doneProgress: number
      readonly scanCount: number
      readonly eventCount: number
      readonly resultCount: number
    }
  | ({ readonly type: 'preview'; readonly id: string } & Rows)
  | ({ readonly type: 'results'; readonly id: string; readonly offset: number } & Rows)
  | {
      readonly type: 'done'
      readonly id: string
      readonly dispatchState: string
      readonly resultCount: number
      readonly runDuration: number
      readonly messages: readonly PlacedMessage[]
    }
  | { readonly type: 'error'; readonly id: string | null; readonly messages: readonly PlacedMessage[] }

const TYPES = { fatal: 'FATAL', error: 'ERROR', warn: 'WARN', info: 'INFO' } as const

/**
 * @param failed   whether the job failed: its errors ended it, and are said so
 * @param implied  characters that were put before what was typed: places are those of the typed text
 */
export const placedMessage = ({ severity, message, code, span, hint }: Problem, failed = false, implied = 0): PlacedMessage => ({
  type: failed && severity === 'error' ? 'FATAL' : TYPES[severity],
  text: message,
  code,
  ...(span && { span: { start: Math.max(0, span.start - implied), end: Math.max(0, span.end - implied) } }),
  ...(hint !== undefined && { hint }),
})

/** A message that cannot be understood. */
export class BadMessage extends Error {
  override readonly name = 'BadMessage'
  constructor(
    text: string,
    readonly id: string | null = null,
  ) {
    super(text)
  }
}

type Fields = Readonly<Record<string, unknown>>

const fieldsOf = (text: string): Fields => {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    throw new BadMessage('The message is not JSON.')
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new BadMessage('The message is not an object.')
  return value as Fields
}

/** @throws BadMessage */
export function readClientMessage(text: string): ClientMessage {
  const fields = fieldsOf(text)
  const id = typeof fields.id === 'string' ? fields.id : null
  const needed = (name: string): string => {
    const value = fields[name]
    if (typeof value !== 'string') throw new BadMessage(`The message needs a text '${name}'.`, id)
    return value
  }
  switch (fields.type) {
    case 'search':
      return { type: 'search', id: needed('id'), search: needed('search'), ...times(fields, id), preview: fields.preview !== false }
    case 'attach':
      return { type: 'attach', id: needed('id'), sid: needed('sid'), offset: offsetOf(fields.offset, id) }
    case 'cancel':
      return { type: 'cancel', id: needed('id') }
    default:
      throw new BadMessage(`Unknown type ${JSON.stringify(fields.type) ?? ''}.`, id)
  }
}

/** Times are texts; an epoch number may be a number. */
function times(fields: Fields, id: string | null): { earliest_time?: string; latest_time?: string } {
  const found: { earliest_time?: string; latest_time?: string } = {}
  for (const name of ['earliest_time', 'latest_time'] as const) {
    const value = fields[name]
    if (value === undefined || value === null || value === '') continue
    if (typeof value !== 'string' && typeof value !== 'number') throw new BadMessage(`'${name}' is no time.`, id)
    found[name] = String(value)
  }
  return found
}

function offsetOf(value: unknown, id: string | null): number {
  if (value === undefined) return 0
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 0) throw new BadMessage("'offset' is no whole number.", id)
  return value
}
