import type { SearchRequest } from '../search/head'
import { strptime } from '../spl/values/time/strptime'
import type { Call, Request } from './endpoint'
import { refused } from './errors'
import { choice, flag, integer, needed, noted, optional, seconds, text, texts, unsupported } from './params'
import { zoneOf } from './results'

const NO_SEARCH = "The required 'search' parameter for the Splunk platform REST API search/jobs endpoint is not specified."
const local = 'there is one process to run it in'

/**
 * Parameters that make a search. @source REST API Reference 9.x, search/jobs
 * Those that would change the rows and are not done are refused; those that steer what a single local engine does not have are kept.
 */
export const searchParams = {
  search: needed(NO_SEARCH, 'FATAL'),
  earliest_time: optional,
  latest_time: optional,
  time_format: text('%FT%T.%Q%:z'),
  index_earliest: optional,
  index_latest: optional,
  now: optional,
  id: optional,
  namespace: optional,
  max_count: integer(500_000, 0),
  max_time: integer(0, 0),
  timeout: integer(600, 0),
  preview: flag(true),
  search_mode: choice(['normal', 'realtime'], 'normal'),
  adhoc_search_level: choice(['verbose', 'fast', 'smart'], 'verbose'),
  rf: texts,
  status_buckets: integer(0, 0),
  priority: integer(5, 0),
  label: noted('shown in the entry of the job'),
  provenance: noted('shown in the entry of the job'),
  sample_ratio: unsupported('1'),
  sample_seed: unsupported('0'),
  auto_cancel: unsupported('0'),
  auto_finalize_ec: unsupported('0'),
  auto_pause: unsupported('0'),
  enable_lookups: unsupported('1', 'true', 't'),
  indexedRealtime: unsupported('0', 'false', 'f'),
  remote_server_list: unsupported('*', ''),
  reuse_max_seconds_ago: unsupported('0'),
  allow_partial_results: noted('results are never partial'),
  check_risky_command: flag(true),
  force_bundle_replication: noted(local),
  reduce_freq: noted('previews are made as often as they are asked for'),
  reload_macros: noted('macros are always as last saved'),
  replay_speed: unsupported(),
  search_listener: unsupported(''),
  spawn_process: noted(local),
  sync_bundle_replication: noted(local),
  workload_pool: noted(local),
}
type SearchCall = Call<typeof searchParams>

/** Characters of a sid that a caller may choose: it names a folder. */
const SID = /^(?!\.+$)[\w.@-]{1,200}$/

function chosenId(call: SearchCall): string | undefined {
  const { id } = call.args
  if (id === undefined || id === '') return undefined
  if (!SID.test(id)) throw refused(400, `Invalid custom search id '${id}'.`, 'FATAL')
  if (call.head.job(id)) throw refused(400, `Search id '${id}' is already in use.`, 'FATAL')
  return id
}

/** A time in the caller's own format as an epoch number; modifiers stay as they are. */
function timeOf(value: string | undefined, call: SearchCall): string | undefined {
  if (value === undefined || value === '' || call.args.time_format === '%FT%T.%Q%:z') return value || undefined
  const read = strptime(value, call.args.time_format, zoneOf(call.settings.timeZone))
  return read === null ? value : String(read)
}

/** "Now" as an epoch number or a time text. */
function nowOf(call: SearchCall): number | undefined {
  const value = timeOf(call.args.now, call)
  return value === undefined || value === 'now' ? undefined : seconds.read([value], 'now')
}

/** Every posted field as it came: clients compare it with what they posted. */
export function echoOf(request: Request): Readonly<Record<string, string>> {
  const posted = request.posted.size ? request.posted : request.form
  return Object.fromEntries([...posted].filter(([name]) => name !== 'output_mode').map(([name, values]) => [name, values.join(',')]))
}

/** An app that nobody has is refused, as a namespace and as a parameter. */
export function knownApp(request: Request, name: string): string {
  if (name === '-' || name === 'system') return 'search'
  if (!request.settings.apps.some((app) => app.name === name)) throw refused(404, `Application does not exist: ${name}`)
  return name
}

const given = <K extends string, V>(key: K, value: V | undefined): { [k in K]?: V } =>
  value === undefined ? {} : ({ [key]: value } as { [k in K]?: V })

/** What a call asks the search head for. @throws HttpProblem 400 or 404 */
export function searchRequest(call: SearchCall, more: Partial<SearchRequest> = {}): SearchRequest {
  const { args } = call
  if (args.search_mode === 'realtime') throw refused(400, 'Not supported by Headstand: real-time searches.', 'FATAL')
  return {
    search: args.search,
    ...given('earliest', timeOf(args.earliest_time, call)),
    ...given('latest', timeOf(args.latest_time, call)),
    ...given('indexEarliest', timeOf(args.index_earliest, call)),
    ...given('indexLatest', timeOf(args.index_latest, call)),
    ...given('now', nowOf(call)),
    ...given('id', chosenId(call)),
    owner: call.account!.name,
    app: knownApp(call, args.namespace || call.app),
    indexesAllowed: call.account!.indexesAllowed,
    indexesDefault: call.account!.indexesDefault,
    timeZone: call.settings.timeZone,
    ttlSeconds: args.timeout,
    maxCount: args.max_count,
    maxTimeSeconds: args.max_time,
    preview: args.preview,
    origin: 'rest',
    echo: echoOf(call),
    ...more,
  }
}
