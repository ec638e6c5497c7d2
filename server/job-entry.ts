import type { Message } from '../output/rows'
import type { JobStatus } from '../search/head'
import type { Problem } from '../spl/text/problem'
import { type Content, Either, type Entry, isoTime, type Plain } from './atom'
import { linkSegment } from './raw-url'

const TYPES = { fatal: 'FATAL', error: 'ERROR', warn: 'WARN', info: 'INFO' } as const

/** A failed job says its errors as FATAL: they ended it. */
export function messagesOf({ messages, state }: Pick<JobStatus, 'messages' | 'state'>): readonly Message[] {
  const typeOf = ({ severity }: Problem) => (state === 'FAILED' && severity === 'error' ? 'FATAL' : TYPES[severity])
  return messages.map((problem) => ({ type: typeOf(problem), text: problem.message }))
}

/** What the entry of a job says: each FATAL of a failed job again as ERROR. @source measured on 10.4 */
function entryMessages(status: JobStatus): Either {
  const messages = messagesOf(status).flatMap((message): Message[] =>
    message.type === 'FATAL' ? [message, { type: 'ERROR', text: message.text }] : [message],
  )
  const byType: Record<string, Plain> = {}
  for (const { type, text } of messages) {
    const before = byType[type.toLowerCase()]
    byType[type.toLowerCase()] = before === undefined ? text : [...(Array.isArray(before) ? before : [before]), text]
  }
  return new Either(
    messages.map(({ type, text }) => ({ type, text })),
    byType,
  )
}

export const isDone = ({ state }: JobStatus): boolean => state === 'DONE' || state === 'FAILED'
export const jobPath = (sid: string): string => `/services/search/jobs/${linkSegment(sid)}`

const figure = (value: number, digits: number): Either => new Either(value, value.toFixed(digits))
const DEFAULT_TTL = '600'
const SAVED_TTL = '604800'
const echoed = (status: JobStatus, name: string, usual: string): string => status.request.echo[name] ?? usual

function custom(status: JobStatus): Plain {
  const own = Object.entries(status.request.echo).filter(([name]) => name.startsWith('custom.'))
  return Object.fromEntries(own.map(([name, value]) => [name.slice('custom.'.length), value]))
}

/** A saved job lives for ever here; the entry says what Splunk says of one. */
const lifeSeconds = ({ ttlSeconds }: JobStatus): number => Math.min(ttlSeconds, Number(SAVED_TTL))

function flags(status: JobStatus): Content {
  const failed = status.state === 'FAILED'
  return {
    isDone: isDone(status),
    isFailed: failed,
    isFinalized: status.isFinalized,
    isPaused: status.state === 'PAUSED',
    isPreviewEnabled: status.request.preview,
    isEventsPreviewEnabled: status.request.preview,
    isSaved: status.ttlSeconds >= Number(SAVED_TTL),
    isSavedSearch: false,
    isRealTimeSearch: false,
    isRemoteTimeline: false,
    isTimeCursored: true,
    isZombie: false,
    eventIsStreaming: true,
    eventIsTruncated: status.eventAvailableCount < status.eventCount,
    resultIsStreaming: !status.isTransforming,
  }
}

function counts(status: JobStatus, now: number): Content {
  return {
    diskUsage: status.diskUsage,
    doneProgress: figure(status.doneProgress, 5),
    dropCount: 0,
    eventAvailableCount: status.eventAvailableCount,
    eventCount: status.eventCount,
    eventFieldCount: 0,
    numPreviews: status.previewCount,
    priority: Number(echoed(status, 'priority', '5')),
    resultCount: status.resultCount,
    resultPreviewCount: status.resultCount,
    runDuration: figure(status.runDuration, 3),
    scanCount: status.scanCount,
    statusBuckets: Number(echoed(status, 'status_buckets', '0')),
    ttl: Math.max(0, Math.ceil(status.touched + lifeSeconds(status) - now)),
  }
}

function range(status: JobStatus): Content {
  const { earliest, latest } = status
  return {
    ...(earliest !== undefined && { earliestTime: isoTime(earliest, true), searchEarliestTime: earliest }),
    ...(latest !== undefined && { latestTime: isoTime(latest, true), searchLatestTime: latest }),
    // splunklib's tests want the key on every job.
    ...(earliest === undefined && { earliestTime: '' }),
    cursorTime: '1970-01-01T00:00:00.000+00:00',
  }
}

function texts(status: JobStatus): Content {
  return {
    sid: status.sid,
    dispatchState: status.state === 'PAUSED' ? 'PAUSE' : status.state,
    search: status.request.search,
    normalizedSearch: status.normalizedSearch,
    eventSearch: status.eventSearch ?? '',
    reportSearch: status.reportSearch ?? '',
    remoteSearch: status.eventSearch ?? '',
    eventSorting: status.isTransforming ? 'none' : 'desc',
    keywords: '',
    delegate: '',
    label: echoed(status, 'label', ''),
    provenance: echoed(status, 'provenance', 'rest:jobs'),
    defaultTTL: DEFAULT_TTL,
    defaultSaveTTL: SAVED_TTL,
    sampleRatio: '1',
    sampleSeed: '0',
  }
}

/**
 * A job as an entry.
 * @source REST API Reference 9.x, search/jobs/{search_id}; key types measured on 10.4
 */
export function jobEntry(status: JobStatus, serverName: string, now: number): Entry {
  const { owner, app, search, echo } = status.request
  const path = jobPath(status.sid)
  const below = ['search.log', 'events', 'results', 'results_preview', 'control']
  return {
    name: search,
    path,
    updated: isoTime(Math.max(status.touched, status.dispatchTime + status.runDuration), true),
    published: isoTime(status.dispatchTime, true),
    author: owner,
    links: Object.fromEntries(below.map((name) => [name, `${path}/${name}`])),
    acl: {
      app,
      can_write: true,
      modifiable: true,
      owner,
      perms: { read: [owner], write: [owner] },
      sharing: 'global',
      ttl: String(lifeSeconds(status)),
    },
    content: {
      ...texts(status),
      ...flags(status),
      ...counts(status, now),
      ...range(status),
      messages: entryMessages(status),
      performance: {},
      request: { ...echo },
      custom: custom(status),
      runtime: { auto_cancel: echoed(status, 'auto_cancel', '0'), auto_pause: echoed(status, 'auto_pause', '0') },
      searchProviders: [serverName],
    },
  }
}
