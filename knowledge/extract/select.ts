import { compileRegex } from '../../spl/regex/regex'
import { compareTexts } from '../../spl/values/compare'
import { escapeRegex } from '../../spl/values/wildcard'
import type { Origin, Settings, Stanzas } from './definition'

type Kind = 'sourcetype' | 'host' | 'source'
/** The higher wins. */
const RANK: Readonly<Record<Kind, number>> = { sourcetype: 0, host: 1, source: 2 }

/** A header of props.conf, read. */
interface Header {
  readonly name: string
  readonly kind: Kind
  readonly priority: number
  test(text: string): boolean
  /** The same without case, as searches compare. */
  testCaseless(text: string): boolean
}

/** What holds for events of one origin. */
export interface Selected {
  /** The stanzas, the strongest first, for messages. */
  readonly stanzas: readonly string[]
  readonly settings: Settings
  readonly renamed: string | undefined
}

/** Header of the stanza that all others override. */
const DEFAULT = 'default'
/** Only at index time. */
const INDEX_TIME = /^(?:rule|delayedrule)::/
/** An idiom for patterns of sourcetypes, which have none of their own. @source widely used in add-ons: `[(?::){0}name:*]` */
const SOURCETYPE_PATTERN = '(?::){0}'

/**
 * Reads the headers once; the function gives the settings of an origin: source before host before sourcetype, among those of one kind
 * the higher `priority` (a literal header has 100, a pattern 0), then ASCII order. A renamed sourcetype has the settings of its target.
 * @source props.conf.spec, "[<spec>]", priority, rename
 */
export function stanzaSelector(props: Stanzas): (origin: Origin) => Selected {
  const headers = headersOf(props)
  const hostsMatter = headers.some((h) => h.kind === 'host')
  const known = new Map<string, Selected>()
  return (origin) => {
    const key = JSON.stringify([origin.sourcetype, origin.source, hostsMatter ? origin.host : ''])
    let found = known.get(key)
    if (!found) known.set(key, (found = select(props, headers, origin)))
    return found
  }
}

function headersOf(props: Stanzas): readonly Header[] {
  return Object.keys(props)
    .filter((name) => name !== DEFAULT && !INDEX_TIME.test(name))
    .map((name) => readHeader(name, props[name]!))
    .sort(stronger)
}

/** What a search says of where its events come from; absent: anything. */
export interface Scope {
  readonly sourcetype?: string
  readonly source?: string
}

/** The settings of every stanza that may hold for events of a scope, each by itself. */
export function scopedSettings(props: Stanzas): (scope: Scope) => readonly Settings[] {
  const headers = headersOf(props)
  return (scope) => {
    const may = (h: Header) => {
      const wanted = h.kind === 'host' ? undefined : scope[h.kind]
      return wanted === undefined || h.testCaseless(wanted)
    }
    return [props[DEFAULT] ?? {}, ...headers.filter(may).map((h) => props[h.name]!)]
  }
}

/** Whether hosts have stanzas of their own: then the rows of one source may differ. */
export const hostsMatter = (props: Stanzas): boolean => Object.keys(props).some((name) => name.startsWith('host::'))

function select(props: Stanzas, headers: readonly Header[], origin: Origin): Selected {
  const matching = (o: Origin) => headers.filter((h) => h.test(o[h.kind]))
  let found = matching(origin)
  const renamed = found.map((h) => props[h.name]!.rename).find((r) => r !== undefined && r !== '')
  if (renamed !== undefined) found = matching({ ...origin, sourcetype: renamed })
  const settings: Record<string, string> = { ...props[DEFAULT] }
  for (const h of [...found].reverse()) Object.assign(settings, props[h.name])
  return { stanzas: found.map((h) => h.name), settings, renamed }
}

function stronger(a: Header, b: Header): number {
  return RANK[b.kind] - RANK[a.kind] || b.priority - a.priority || compareTexts(a.name, b.name)
}

function readHeader(name: string, settings: Settings): Header {
  const m = /^(source|host)::([\s\S]*)$/.exec(name)
  const kind = (m?.[1] ?? 'sourcetype') as Kind
  const pattern = m ? m[2]! : name
  const test = headerTest(pattern, kind)
  const own = Number(settings.priority)
  const priority = settings.priority !== undefined && Number.isFinite(own) ? own : test.literal ? 100 : 0
  return { name, kind, priority, test: test.test, testCaseless: headerTest(`(?i)${pattern.replace(CASE_FLAG, '')}`, kind).test }
}

const CASE_FLAG = /^\(\?(-?)i\)/

/** Hosts are compared without case, the others with it; `(?i)` and `(?-i)` in front say otherwise. @source props.conf.spec */
function headerTest(typed: string, kind: Kind): { readonly literal: boolean; test(text: string): boolean } {
  const flag = CASE_FLAG.exec(typed)
  const caseless = flag ? flag[1] === '' : kind === 'host'
  let pattern = typed.slice(flag?.[0].length ?? 0)
  const idiom = pattern.startsWith(SOURCETYPE_PATTERN)
  if (idiom) pattern = pattern.slice(SOURCETYPE_PATTERN.length)
  const wild = (kind !== 'sourcetype' || idiom) && /\.\.\.|[*|()]/.test(pattern)
  if (!wild) {
    const wanted = caseless ? pattern.toLowerCase() : pattern
    return { literal: true, test: (text) => (caseless ? text.toLowerCase() : text) === wanted }
  }
  const regex = compileRegex(`\\A(?:${patternSource(pattern)})\\z`, { caseless, dotAll: true })
  return { literal: false, test: (text) => regex.test(text) }
}

/** `...` is any text, `*` any without a path separator, `|` and parentheses mean what they do in a regex, the rest stands for itself. */
function patternSource(pattern: string): string {
  return pattern.replace(/\.\.\.|\\.|[\s\S]/g, (piece) => {
    if (piece === '...') return '.*'
    if (piece === '*') return '[^/\\\\]*'
    if (/^[|()]$/.test(piece)) return piece
    return piece.length === 2 ? piece : escapeRegex(piece)
  })
}
