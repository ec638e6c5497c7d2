import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { IncomingEvent } from '../../search/head'

/** Numbers from a seed: many events of one, without a generator for each. */
export function numbers(seed: number): (below: number) => number {
  let state = seed >>> 0 || 1
  return (below) => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    state >>>= 0
    return state % below
  }
}

const USERS = ['alice', 'bob', 'Émile', 'CORP\\svc-web', 'alice smith']
const IMAGES = ['C:\\Windows\\System32\\cmd.exe', 'C:\\Windows\\explorer.exe', 'C:\\Tools\\x.exe', 'C:\\Windows\\System32\\WHOAMI.EXE']
const SYSMON = 'XmlWinEventLog:Microsoft-Windows-Sysmon/Operational'
type Next = (below: number) => number
type Origin = Pick<IncomingEvent, 'source' | 'sourcetype' | 'raw' | 'fields'>

function sysmon(next: Next): Origin {
  const id = [1, 3, 11, 22][next(4)]!
  const data = [
    ['Image', IMAGES[next(IMAGES.length)]!],
    ['User', `CORP\\${USERS[next(3)]}`],
    ...(id === 1 ? [['CommandLine', `cmd /c run ${next(9)} &lt;job ${next(4)}&gt;`]] : []),
    ...(id === 3 ? [['DestinationIp', `10.1.${next(3)}.${next(20)}`]] : []),
    ...(next(3) === 0 ? [['Hashes', `MD5=${next(1 << 30)},SHA256=ab${next(99)}`]] : []),
  ]
  const raw = `<Event xmlns='http://schemas.microsoft.com/win/2004/08/events/event'><System><Provider Name='Microsoft-Windows-Sysmon'/><EventID>${id}</EventID><Computer>h${next(3)}.corp</Computer></System><EventData>${data.map(([k, v]) => `<Data Name='${k}'>${v}</Data>`).join('')}</EventData></Event>`
  return { source: SYSMON, sourcetype: 'XmlWinEventLog', raw }
}
function pairs(next: Next): Origin {
  const parts = [`user="${USERS[next(USERS.length)]}"`, `code=${next(6)}`, `unique=${next(1 << 30)}`]
  if (next(3) > 0) parts.push(`tag=t${next(3)} tag=t${next(5)}`)
  if (next(4) === 0) parts.push('empty= rare=Yes')
  if (next(5) === 0) parts.push(`host=liar${next(2)}`)
  return { source: `/var/log/${next(2)}.log`, sourcetype: 'warm_kv', raw: `${parts.join(' ')} failed login, run ${next(9)}` }
}
function json(next: Next): Origin {
  const items = Array.from({ length: next(3) }, (_, i) => ({ name: `n${next(4)}`, at: i }))
  const body = { user: next(4) === 0 ? null : USERS[next(USERS.length)], code: next(6), items, ...(next(3) === 0 && { rare: 'No' }) }
  return { source: 'api', sourcetype: 'warm_json', raw: JSON.stringify(body) }
}
/** Indexed fields stand above what is extracted, in some events of a block only. */
function indexed(next: Next): Origin {
  const { raw } = pairs(next)
  const fields: Record<string, string | string[]> = next(2) === 0 ? { user: 'hec', zone: ['a', `b${next(3)}`] } : {}
  return { source: 'hec', sourcetype: 'warm_kv', raw, ...(next(3) > 0 && { fields }) }
}
const plain = (next: Next): Origin => ({
  source: 'plain',
  sourcetype: 'warm_none',
  raw: `run ${next(9)} user=nobody code=${next(3)} tag=no`,
})

export const KINDS = { sysmon, pairs, json, indexed, plain }
export type Kind = keyof typeof KINDS

export const FROM = 1_700_000_000
/** Events of several origins, mixed, mostly in the order of their times. */
export function warmEvents(next: Next, count: number, kinds: readonly Kind[], from = FROM): IncomingEvent[] {
  return Array.from({ length: count }, (_, i) => ({
    index: next(5) === 0 ? 'other' : 'main',
    time: from + i - (next(10) === 0 ? next(100) : 0),
    host: `h${next(3)}`,
    ...KINDS[kinds[next(kinds.length)]!](next),
  }))
}

const KV = `EXTRACT-who = user="(?<who>[^"]+)"
REPORT-tags = warm_tags
FIELDALIAS-login = user AS login code ASNEW number
EVAL-double = code * 2
EVAL-label = user . "/" . code . "/" . host
EVAL-at = now()
`
/** Two apps that extract the same fields differently, each for itself. */
export function warmApps(folder: string): string[] {
  const conf = {
    warm_one: `[warm_kv]\n${KV}\n[warm_json]\nKV_MODE = json\n[warm_none]\nKV_MODE = none\n`,
    warm_two: `[warm_kv]\nEXTRACT-who = run (?<who>\\d+)\nEXTRACT-user = (?<user>failed|run)\nEVAL-code = code + 100\n[warm_none]\nKV_MODE = auto\n`,
  }
  return Object.entries(conf).map(([app, props]) => {
    const dir = join(folder, app)
    mkdirSync(join(dir, 'default'), { recursive: true })
    writeFileSync(join(dir, 'default', 'props.conf'), props)
    mkdirSync(join(dir, 'metadata'))
    writeFileSync(join(dir, 'metadata', 'default.meta'), '[]\nexport = none\n')
    writeFileSync(join(dir, 'default', 'transforms.conf'), '[warm_tags]\nREGEX = tag=(\\S+)\nFORMAT = tags::$1\nMV_ADD = true\n')
    return dir
  })
}

/** What searches are put together from. Groups come in the order of their names, so that their rows can be compared. */
export const FILTERS = [
  '*',
  'user=alice',
  'user=*',
  'NOT user=*',
  'user!=alice code>2',
  'code=3 OR rare=yes',
  'sourcetype=warm_kv who="a*"',
  'sourcetype=warm_kv tags=t1 tags=t4',
  'source=hec',
  'zone=b1',
  'NOT zone=*',
  'run 3',
  'run NOT (failed OR 7)',
  '"failed login"',
  'CASE(WHOAMI.EXE)',
  'TERM(code=3)',
  'whoami* OR 10.1.2.*',
  '10.1.2.3',
  'host=h1 EventID=1',
  'login=bob OR process_name=cmd.exe',
  'double>4',
  'label="*/3/h1"',
  'DestinationIp=10.1.* dest!="10.1.1.*"',
  'items{}.name=n1',
  'host=h2 NOT (sourcetype=warm_json OR code=1)',
  'earliest=1700000100 latest=1700000260',
  'index=other latest=1700000200 user=*',
  '(index=main OR index=other) nosuch=1',
  Array.from({ length: 40 }, (_, i) => `10.1.${i % 3}.${i}`).join(' OR '),
  'source=api OR source=plain',
]
export const ENDS = [
  'stats count',
  'stats count by user',
  'stats count dc(unique) sum(code) by sourcetype host',
  'stats values(tags) values(who) list(code) by login',
  'stats first(code) last(user) latest(who) by source',
  'stats count by number double',
  'stats max(at) min(_time) values(label) by rare',
  'stats values(process_name) dc(CommandLine) by EventID',
  'stats count by zone',
  'stats count by items{}.name',
  'stats count values(date_hour) by linecount',
  'stats count(eval(code>2)) as n by user index',
  'eval u=upper(user) | where isnotnull(u) | stats count by u tag',
  'rex "run (?<run>\\d+)" | stats dc(run) values(code) by source',
  'bin span=50s _time | stats count by _time user',
  'stats perc50(code) stdev(code) by sourcetype',
  'top limit=0 showperc=false user | sort 0 user',
  'rare limit=0 who | sort 0 who',
  'eventstats count as n by user | stats sum(n) by who',
  'dedup user code | table _time user code host',
  'dedup 2 who sortby -_time | table _time who user',
  'sort 0 code user -_time | table _time code user login',
  'sort 5 -code _time | table code label',
  'table _time who user tags code',
  'head 37 | stats count values(user) by code',
  'fields user | stats count by user',
  'fillnull value=none user | stats count by user',
  'mvexpand tags | stats count by tags',
  'stats count(*) as c_*',
  'stats count by _raw | stats sum(count) dc(_raw)',
  'streamstats count by user | stats max(count) by user',
]
