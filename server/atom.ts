import { xmlAttribute, xmlText } from '../output/markup'
import type { Message } from '../output/rows'
import { DECLARATION, type DocumentAnswer } from './answer'

/** A value that the two formats write in different ways: `runDuration` as `0.789` and as the text `0.789000`. */
export class Either {
  constructor(
    readonly json: Plain,
    readonly xml: Plain,
  ) {}
}
export type Plain = string | number | boolean | null | readonly Plain[] | { readonly [key: string]: Plain }
export type Content = Readonly<Record<string, Plain | Either>>

/** Who may do what with an object, as Splunk's `eai:acl` says it. */
export type Acl = { readonly [key: string]: Plain }

export interface Entry {
  readonly name: string
  /** Path of the object. */
  readonly path: string
  /** ISO time. */
  readonly updated?: string
  readonly published?: string
  readonly author: string
  /** Relation → path, beside `alternate`. */
  readonly links: Readonly<Record<string, string>>
  readonly acl: Acl
  readonly content: Content
}

export interface Feed {
  /** Name of the handler. */
  readonly title: string
  readonly path: string
  readonly entries: readonly Entry[]
  readonly links?: Readonly<Record<string, string>>
  /** Absent where the handler has no pages. */
  readonly paging?: { readonly total: number; readonly perPage: number; readonly offset: number }
  readonly messages?: readonly Message[]
  /** Whether entries name their fields: those of a single object do. */
  readonly fields?: boolean
}

/** What every document names. */
export interface Origin {
  /** `https://host:port`. */
  readonly origin: string
  readonly version: string
  readonly build: string
  readonly updated: string
}

/** `YYYY-MM-DDTHH:MM:SS+00:00`, with milliseconds where asked. */
export function isoTime(epochSeconds: number, milliseconds = false): string {
  const text = new Date(epochSeconds * 1000).toISOString()
  return `${milliseconds ? text.slice(0, -1) : text.slice(0, 19)}+00:00`
}

const NO_TIME = '1970-01-01T00:00:00+00:00'

export const systemAcl: Acl = {
  app: '',
  can_list: true,
  can_write: true,
  modifiable: false,
  owner: 'system',
  perms: { read: ['*'], write: ['admin'] },
  removable: false,
  sharing: 'system',
}

/** The acl of what an app holds for all. */
export const appAcl = (app: string): Acl => ({ ...systemAcl, app, owner: 'nobody', modifiable: true, sharing: 'app' })

// --- XML

function xmlValue(value: Plain | Either): string {
  if (value instanceof Either) return xmlValue(value.xml)
  if (value === null) return ''
  if (typeof value === 'boolean') return value ? '1' : '0'
  if (typeof value !== 'object') return xmlText(String(value))
  if (Array.isArray(value))
    return value.length ? `<s:list>${value.map((item) => `<s:item>${xmlValue(item)}</s:item>`).join('')}</s:list>` : '<s:list/>'
  return xmlDict(value as Content)
}

function xmlDict(content: Content): string {
  const keys = Object.entries(content).map(([name, value]) => `<s:key name="${xmlAttribute(name)}">${xmlValue(value)}</s:key>`)
  return keys.length ? `<s:dict>${keys.join('\n')}</s:dict>` : '<s:dict/>'
}

const xmlLinks = (links: Readonly<Record<string, string>>): string =>
  Object.entries(links)
    .map(([rel, href]) => `<link href="${xmlAttribute(href)}" rel="${xmlAttribute(rel)}"/>\n`)
    .join('')

const xmlFields =
  '<s:key name="eai:attributes"><s:dict><s:key name="optionalFields"><s:list/></s:key><s:key name="requiredFields"><s:list/></s:key><s:key name="wildcardFields"><s:list/></s:key></s:dict></s:key>'

/** @param root  attributes where the entry is the document itself */
function xmlEntry(entry: Entry, origin: Origin, root = '', withFields = false): string {
  const published = entry.published ? `<published>${entry.published}</published>\n` : ''
  const dict = xmlDict({ ...entry.content, 'eai:acl': entry.acl })
  const content = withFields ? dict.replace(/<\/s:dict>$/, `${xmlFields}</s:dict>`) : dict
  return `<entry${root}>
<title>${xmlText(entry.name)}</title>
<id>${xmlText(origin.origin + entry.path)}</id>
<updated>${entry.updated ?? NO_TIME}</updated>
${xmlLinks({ alternate: entry.path })}${published}<author><name>${xmlText(entry.author)}</name></author>
${xmlLinks(entry.links)}<content type="text/xml">${content}</content>
</entry>
`
}

const NAMESPACES = ' xmlns="http://www.w3.org/2005/Atom" xmlns:s="http://dev.splunk.com/ns/rest"'
const OPENSEARCH = ' xmlns:opensearch="http://a9.com/-/spec/opensearch/1.1/"'

function xmlFeed(feed: Feed, origin: Origin): string {
  const { paging, messages = [] } = feed
  const pages = paging
    ? `<opensearch:totalResults>${paging.total}</opensearch:totalResults>\n<opensearch:itemsPerPage>${paging.perPage}</opensearch:itemsPerPage>\n<opensearch:startIndex>${paging.offset}</opensearch:startIndex>\n`
    : ''
  const said = messages.map(({ type, text }) => `<s:msg type="${type}">${xmlText(text)}</s:msg>`).join('')
  return `${DECLARATION}<?xml-stylesheet type="text/xml" href="/static/atom.xsl"?>
<feed${NAMESPACES}${OPENSEARCH}>
<title>${xmlText(feed.title)}</title>
<id>${xmlText(origin.origin + feed.path)}</id>
<updated>${origin.updated}</updated>
<generator build="${xmlAttribute(origin.build)}" version="${xmlAttribute(origin.version)}"/>
<author><name>Splunk</name></author>
${xmlLinks(feed.links ?? {})}${pages}${said ? `<s:messages>${said}</s:messages>` : '<s:messages/>'}
${feed.entries.map((entry) => xmlEntry(entry, origin, '', feed.fields)).join('')}</feed>
`
}

// --- JSON

function jsonValue(value: Plain | Either): Plain {
  return value instanceof Either ? value.json : value
}

function jsonEntry(entry: Entry, { origin }: Origin, withFields = false): unknown {
  const content = Object.fromEntries(Object.entries(entry.content).map(([name, value]) => [name, jsonValue(value)]))
  return {
    name: entry.name,
    id: origin + entry.path,
    updated: entry.updated ?? NO_TIME,
    links: { alternate: entry.path, ...entry.links },
    ...(entry.published && { published: entry.published }),
    author: entry.author,
    acl: entry.acl,
    ...(withFields && { fields: { required: [], optional: [], wildcard: [] } }),
    content: { 'eai:acl': null, ...content },
  }
}

function jsonFeed(feed: Feed, origin: Origin): unknown {
  return {
    links: feed.links ?? {},
    origin: origin.origin + feed.path,
    updated: origin.updated,
    generator: { build: origin.build, version: origin.version },
    entry: feed.entries.map((entry) => jsonEntry(entry, origin, feed.fields)),
    ...(feed.paging && { paging: feed.paging }),
    ...(feed.messages && { messages: feed.messages }),
  }
}

/** A feed of entries, as Atom or JSON. */
export const feedAnswer = (feed: Feed, origin: Origin, status = 200): DocumentAnswer => ({
  status,
  xml: () => xmlFeed(feed, origin),
  json: () => jsonFeed(feed, origin),
})

/** One entry: in XML it is the root itself, in JSON it stands in a feed. A job is answered so. */
export const entryAnswer = (entry: Entry, feed: Feed, origin: Origin): DocumentAnswer => ({
  status: 200,
  xml: () => `${DECLARATION}${xmlEntry(entry, origin, NAMESPACES + OPENSEARCH)}`,
  json: () => jsonFeed({ ...feed, entries: [entry] }, origin),
})
