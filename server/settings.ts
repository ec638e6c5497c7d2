import { type Log, lineLog } from './log'

/** Who may use the server, and what he may see. */
export interface Account {
  readonly name: string
  readonly password: string
  readonly roles: readonly string[]
  /** Names and patterns of the indexes that he may search, and those searched when a search names none. */
  readonly indexesAllowed: readonly string[]
  readonly indexesDefault: readonly string[]
}

/** A token of the HTTP Event Collector. */
export interface CollectorToken {
  readonly name: string
  readonly token: string
  /** Where events go that name no index. */
  readonly index: string
  /** The indexes that may be named; any when empty. */
  readonly indexes: readonly string[]
  readonly sourcetype?: string
  readonly source?: string
  readonly host?: string
  readonly acknowledges: boolean
  readonly disabled: boolean
  /** Whether `?token=` is taken in place of the header. */
  readonly inQuery: boolean
}

export interface CollectorLimits {
  /** Bytes of one body after decompression. */
  readonly requestBytes: number
  /** Bytes of one event. */
  readonly eventBytes: number
  /** Bytes of all requests that were read and are not yet with the engine. */
  readonly heldBytes: number
}

export interface ServedApp {
  readonly name: string
  readonly label: string
  readonly version: string
}

export interface ServerSettings {
  readonly accounts: readonly Account[]
  readonly tokens: readonly CollectorToken[]
  readonly apps: readonly ServedApp[]
  /** The Splunk version that clients are told, since they choose paths by it. */
  readonly version: string
  readonly build: string
  readonly sessionSeconds: number
  /** Bytes of a form. */
  readonly formBytes: number
  readonly collector: CollectorLimits
  readonly timeZone: string
  readonly log: Log
}

export const USUAL_PORTS = { management: 8089, collector: 8088, web: 8000 } as const

/** Splunk's own seeds: everyone knows them, so the server takes the password on a loopback address only. */
export const DEFAULT_PASSWORD = 'changeme'
export const DEFAULT_TOKEN = '11111111-1111-1111-1111-1111111111113'

export const adminAccount = (password: string): Account => ({
  name: 'admin',
  password,
  roles: ['admin'],
  indexesAllowed: ['*', '_*'],
  indexesDefault: ['main'],
})

export const collectorToken = (token: string, name = 'headstand'): CollectorToken => ({
  name,
  token,
  index: 'main',
  indexes: [],
  acknowledges: false,
  disabled: false,
  inQuery: false,
})

/** Settings of a server, with what is not given as usual. */
export function serverSettings(given: Partial<ServerSettings> = {}): ServerSettings {
  return {
    accounts: [adminAccount(DEFAULT_PASSWORD)],
    tokens: [collectorToken(DEFAULT_TOKEN)],
    apps: [{ name: 'search', label: 'Search & Reporting', version: '10.4.2' }],
    version: '10.4.2',
    build: '000000000000',
    sessionSeconds: 3_600,
    formBytes: 16 * 2 ** 20,
    collector: { requestBytes: 2 ** 30, eventBytes: 16 * 2 ** 20, heldBytes: 128 * 2 ** 20 },
    timeZone: 'UTC',
    log: lineLog('info'),
    ...given,
  }
}
