import { compileRegex, type Regex } from '../../spl/regex/regex'
import { findTimestamp } from '../../spl/values/time/recognise'
import { findZone, UTC, type Zone } from '../../spl/values/time/zone'
import type { Origin, Settings, Stanzas } from '../extract/definition'
import { stanzaSelector } from '../extract/select'

/** How raw data of one origin becomes events: props.conf's keys of index time, read. */
export interface IndexTimeRules {
  /** Its first group is what stands between two lines and is left out. */
  readonly breaker: Regex
  /** Lines are joined again until the next event begins; undefined: each line is an event. */
  readonly merge: MergeRules | undefined
  /** Bytes of a line that are kept; 0 is all. */
  readonly truncate: number
  time(text: string, now: number): FoundTime | undefined
}
export interface MergeRules {
  readonly beforeDate: boolean
  readonly before: Regex | undefined
  readonly after: Regex | undefined
  readonly notAfter: Regex | undefined
  readonly notBefore: Regex | undefined
  readonly maxLines: number
}
export interface FoundTime {
  /** Epoch seconds. */
  readonly seconds: number
  /** Minutes east of UTC that the text names, or `local` when it names none. */
  readonly zone: number | 'local'
}

/**
 * The rules of an origin. @throws RegexProblem for a pattern in props.conf that does not compile
 * @source props.conf.spec, "Line breaking" and "Timestamp extraction"
 */
export function indexTimeRules(props: Stanzas): (origin: Origin) => IndexTimeRules {
  const select = stanzaSelector(props)
  const known = new Map<Settings, IndexTimeRules>()
  return (origin) => {
    const { settings } = select(origin)
    let found = known.get(settings)
    if (!found) known.set(settings, (found = rulesOf(settings)))
    return found
  }
}

const isTrue = (text: string | undefined, fallback: boolean) => (text === undefined ? fallback : /^(1|t|true|y|yes)$/i.test(text.trim()))
const numberOf = (text: string | undefined, fallback: number) =>
  text === undefined || !/^-?\d+$/.test(text.trim()) ? fallback : Number(text)
const regexOf = (text: string | undefined) => (text === undefined || text === '' ? undefined : compileRegex(text))

function rulesOf(s: Settings): IndexTimeRules {
  const merges = isTrue(s.SHOULD_LINEMERGE, true)
  return {
    breaker: compileRegex(s.LINE_BREAKER || '([\\r\\n]+)'),
    merge: merges
      ? {
          beforeDate: isTrue(s.BREAK_ONLY_BEFORE_DATE, true) && s.BREAK_ONLY_BEFORE === undefined,
          before: regexOf(s.BREAK_ONLY_BEFORE),
          after: regexOf(s.MUST_BREAK_AFTER),
          notAfter: regexOf(s.MUST_NOT_BREAK_AFTER),
          notBefore: regexOf(s.MUST_NOT_BREAK_BEFORE),
          maxLines: numberOf(s.MAX_EVENTS, 256),
        }
      : undefined,
    truncate: numberOf(s.TRUNCATE, 10_000),
    time: timeOf(s),
  }
}

function timeOf(s: Settings): IndexTimeRules['time'] {
  const config = (s.DATETIME_CONFIG ?? '').trim().toUpperCase()
  if (config === 'CURRENT' || config === 'NONE') return () => undefined
  const prefix = regexOf(s.TIME_PREFIX)
  const zone: Zone = (s.TZ ? findZone(s.TZ) : undefined) ?? UTC
  const lookahead = numberOf(s.MAX_TIMESTAMP_LOOKAHEAD, 128)
  const limits = { maxDaysAgo: numberOf(s.MAX_DAYS_AGO, 2000), maxDaysHence: numberOf(s.MAX_DAYS_HENCE, 2) }
  return (text, now) => {
    const start = prefix ? prefix.exec(text)?.end : 0
    if (start === undefined) return undefined
    const found = findTimestamp(text.slice(start, start + Math.max(lookahead, 0) + 64), {
      ...(s.TIME_FORMAT && { format: s.TIME_FORMAT }),
      lookahead,
      zone,
      now,
      ...limits,
    })
    return found && { seconds: found.seconds, zone: found.offsetMinutes ?? 'local' }
  }
}
