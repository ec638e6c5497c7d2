import { isEventTime, notEventTime } from '../../spl/values/time/civil'
import type { IncomingEvent } from '../head'

type Members = Readonly<Record<string, unknown>>

/** What a file says of an event; what it does not say is left to the caller. */
export type FoundEvent = Pick<IncomingEvent, 'raw' | 'time' | 'fields'> &
  Partial<Pick<IncomingEvent, 'index' | 'host' | 'source' | 'sourcetype'>>

/**
 * An event from a JSON object: what was sent to the HTTP Event Collector (`event`), a row of a search (`_raw`, also in `result`),
 * an event with its origin (`raw` beside `source` or `sourcetype`), or else the object itself is the event.
 * @throws Error where the text is no JSON object, or its time is none that an event can have
 */
export function eventOfJson(text: string, name: string): FoundEvent {
  const event = eventOf(parsed(text, name), text)
  if (event.time !== undefined && !isEventTime(event.time)) throw new Error(`${name}: ${notEventTime(event.time)}: ${text.slice(0, 80)}`)
  return event
}

function eventOf(members: Members, text: string): FoundEvent {
  if (isMembers(members.result) && typeof members.result._raw === 'string') return enveloped(members.result, members.result._raw)
  if (typeof members._raw === 'string') return enveloped(members, members._raw)
  if (members.event !== undefined && members.event !== null) return collected(members, members.event)
  if (typeof members.raw === 'string' && (members.source !== undefined || members.sourcetype !== undefined))
    return enveloped(members, members.raw)
  return { raw: text, time: undefined, sourcetype: '_json' }
}

function parsed(text: string, name: string): Members {
  try {
    const value: unknown = JSON.parse(text)
    if (isMembers(value)) return value
  } catch (error) {
    throw new Error(`${name}: ${(error as Error).message}: ${text.slice(0, 80)}`)
  }
  throw new Error(`${name}: this is no JSON object: ${text.slice(0, 80)}`)
}

const isMembers = (value: unknown): value is Members => typeof value === 'object' && value !== null && !Array.isArray(value)

const collected = (members: Members, event: unknown): FoundEvent => ({
  ...enveloped(members, typeof event === 'string' ? event : JSON.stringify(event)),
  ...(isMembers(members.fields) && { fields: indexedFields(members.fields) }),
})

const enveloped = (members: Members, raw: string): FoundEvent => ({ raw, time: timeOf(members.time ?? members._time), ...origin(members) })

function origin(members: Members): Partial<FoundEvent> {
  const named = ['index', 'host', 'source', 'sourcetype'].filter((name) => typeof members[name] === 'string' && members[name] !== '')
  return Object.fromEntries(named.map((name) => [name, members[name]]))
}

/** Epoch seconds of a number, a numeric text or an ISO time; undefined where it is none of them: then the event's text says. */
function timeOf(value: unknown): number | undefined {
  const seconds = typeof value === 'string' && !/^\s*\d+(\.\d+)?\s*$/.test(value) ? Date.parse(value) / 1000 : Number(value ?? Number.NaN)
  return Number.isFinite(seconds) ? seconds : undefined
}

function indexedFields(fields: Members): Readonly<Record<string, string | readonly string[]>> {
  const entries = Object.entries(fields).map(([name, value]) => [name, Array.isArray(value) ? value.map(String) : String(value)] as const)
  return Object.fromEntries(entries)
}
