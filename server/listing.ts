import { wildcard } from '../spl/values/wildcard'
import { type Content, Either, type Entry, type Feed, type Plain } from './atom'
import { choice, integer, optional, text, texts, type Values } from './params'

/** Parameters of every list. @source REST API Reference 9.x, "Pagination and filtering parameters" */
export const listParams = {
  count: integer(30, -1),
  offset: integer(0, 0),
  search: optional,
  sort_key: text('name'),
  sort_dir: choice(['asc', 'desc'], 'asc'),
  sort_mode: choice(['auto', 'alpha', 'alpha_case', 'num'], 'auto'),
  f: texts,
}
export type ListArgs = Values<typeof listParams>

/** What a page says that holds everything. @source recorded: itemsPerPage of `count=-1` */
const ALL = 10_000_000

/** The page of a list that was asked for: filtered, sorted, cut. */
export function listed(entries: readonly Entry[], args: ListArgs): Pick<Feed, 'entries' | 'paging'> {
  const found = args.search ? entries.filter(filterOf(args.search)) : entries
  const order = sorted(found, args)
  const perPage = args.count > 0 ? args.count : ALL
  const page = order.slice(args.offset, args.offset + perPage)
  return {
    entries: args.f.length ? page.map((entry) => narrowed(entry, args.f)) : page,
    paging: { total: found.length, perPage, offset: args.offset },
  }
}

/** A key may name what lies inside: `request.label`. */
function valueAt(entry: Entry, key: string): Plain | undefined {
  if (key === 'name') return entry.name
  const own = entry.content[key]
  if (own !== undefined) return own instanceof Either ? own.json : own
  const at = key.indexOf('.')
  const inner = at > 0 ? entry.content[key.slice(0, at)] : undefined
  if (inner && typeof inner === 'object' && !Array.isArray(inner) && !(inner instanceof Either))
    return (inner as Content)[key.slice(at + 1)] as Plain
  return undefined
}

const textOf = (value: Plain | undefined): string => {
  if (value === null || value === undefined) return ''
  if (typeof value === 'boolean') return value ? '1' : '0'
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}

function sorted(entries: readonly Entry[], { sort_key, sort_dir, sort_mode }: ListArgs): readonly Entry[] {
  const keyed = entries.map((entry) => ({ entry, key: textOf(valueAt(entry, sort_key)) }))
  const numeric = sort_mode === 'num' || (sort_mode === 'auto' && keyed.every(({ key }) => key !== '' && Number.isFinite(Number(key))))
  const fold = (key: string) => (sort_mode === 'alpha_case' ? key : key.toLowerCase())
  const compare = numeric
    ? (a: string, b: string) => Number(a) - Number(b)
    : (a: string, b: string) => (fold(a) < fold(b) ? -1 : fold(a) > fold(b) ? 1 : 0)
  const order = keyed.sort((a, b) => compare(a.key, b.key)).map(({ entry }) => entry)
  // Ties too: `desc` is the reverse of `asc`, which SDK tests compare.
  return sort_dir === 'desc' ? order.reverse() : order
}

/** `term`, `key=value`, several of them together, `OR` between them. */
function filterOf(search: string): (entry: Entry) => boolean {
  const words = search.match(/(?:[^\s"=]+=)?"(?:[^"\\]|\\.)*"|\S+/g) ?? []
  const groups: ((entry: Entry) => boolean)[][] = [[]]
  for (const word of words) {
    if (word === 'OR') groups.push([])
    else if (word !== 'AND') groups[groups.length - 1]!.push(termOf(word))
  }
  return (entry) => groups.some((terms) => terms.every((test) => test(entry)))
}

const unquoted = (text: string): string => (/^".*"$/s.test(text) ? text.slice(1, -1).replace(/\\(.)/g, '$1') : text)

function termOf(word: string): (entry: Entry) => boolean {
  const at = word.startsWith('"') ? -1 : word.indexOf('=')
  if (at > 0) {
    const pattern = wildcard(unquoted(word.slice(at + 1)), true)
    return (entry) => pattern.test(textOf(valueAt(entry, word.slice(0, at))))
  }
  const pattern = wildcard(`*${unquoted(word)}*`, true)
  return (entry) => pattern.test(entry.name) || Object.keys(entry.content).some((key) => pattern.test(textOf(valueAt(entry, key))))
}

function narrowed(entry: Entry, fields: readonly string[]): Entry {
  const patterns = fields.map((field) => wildcard(field))
  const content = Object.entries(entry.content).filter(([name]) => patterns.some((pattern) => pattern.test(name)))
  return { ...entry, content: Object.fromEntries(content) }
}
