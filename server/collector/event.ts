import type { EventMeta, IncomingEvent } from '../../search/head'
import { isEventTime } from '../../spl/values/time/civil'
import type { CollectorToken } from '../settings'
import { memberText } from './member-text'
import { CollectorProblem } from './problems'

/** What an event gets that it does not say itself. */
export interface Defaults {
  readonly token: CollectorToken
  readonly meta: EventMeta
}

type Fields = NonNullable<IncomingEvent['fields']>

/**
 * Reads one object of the event endpoint.
 * @param number  its place in the body, from 0
 * @throws CollectorProblem with the number as the wire says it: code 7 counts from 1, the others from 0
 */
export function readEvent(text: string, { token, meta }: Defaults, number: number): IncomingEvent {
  const problem = (code: 6 | 12 | 13 | 15) => new CollectorProblem(code, number)
  const object = parsed(text)
  if (!object) throw problem(6)
  const raw = rawOf(text, object.event, problem)
  const time = timeOf(object.time, meta.time, problem)
  const own = (name: 'index' | 'host' | 'source' | 'sourcetype') => textOf(object[name], problem) ?? meta[name]
  const index = own('index')
  if (!mayWrite(token, index)) throw new CollectorProblem(7, number + 1)
  const fields = fieldsOf(object.fields, problem)
  return { index, time, host: own('host'), source: own('source'), sourcetype: own('sourcetype'), raw, ...(fields && { fields }) }
}

export const mayWrite = (token: CollectorToken, index: string): boolean => token.indexes.length === 0 || token.indexes.includes(index)

function parsed(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

type Refuse<C extends number> = (code: C) => CollectorProblem

/** An object, a list or a number is stored as it was written. */
function rawOf(text: string, event: unknown, problem: Refuse<12 | 13>): string {
  if (event === undefined || event === null) throw problem(12)
  if (typeof event === 'string') {
    if (event === '') throw problem(13)
    return event
  }
  if (typeof event === 'object' && !Array.isArray(event) && Object.keys(event).length === 0) throw problem(13)
  return memberText(text, 'event') ?? JSON.stringify(event)
}

/**
 * A number or the text of one.
 * @source measured on 10.4: another time is code 15. DIFFERS: so is one before 1828 or after 2111, such as milliseconds
 */
function timeOf(time: unknown, usual: number | undefined, problem: Refuse<15>): number | undefined {
  if (time === undefined || time === null || time === '') return usual
  const seconds = typeof time === 'string' ? Number(time.trim() || 'none') : time
  if (typeof seconds !== 'number' || !isEventTime(seconds)) throw problem(15)
  return seconds
}

function textOf(value: unknown, problem: Refuse<6>): string | undefined {
  if (value === undefined || value === null || value === '') return undefined
  if (typeof value === 'string') return value
  if (typeof value === 'number') return String(value)
  throw problem(6)
}

function fieldsOf(value: unknown, problem: Refuse<15>): Fields | undefined {
  if (value === undefined || value === null) return undefined
  if (typeof value !== 'object' || Array.isArray(value)) throw problem(15)
  const one = (field: unknown): string => {
    if (typeof field !== 'string' && typeof field !== 'number' && typeof field !== 'boolean') throw problem(15)
    return String(field)
  }
  return Object.fromEntries(Object.entries(value).map(([name, field]) => [name, Array.isArray(field) ? field.map(one) : one(field)]))
}
