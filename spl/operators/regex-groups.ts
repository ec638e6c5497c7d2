import { type Batch, type Lazy, rowsOf } from '../batch/batch'
import { ColumnBuilder } from '../batch/builder'
import { type Column, type DictionaryColumn, valueAt } from '../batch/column'
import type { Memo, TextDictionary } from '../batch/dictionary'
import type { Regex } from '../regex/regex'
import { multivalue, textsOf, type Value } from '../values/value'
import { fill } from './map-values'

/** What is taken out of a text by a pattern with named groups. */
export interface GroupsOptions {
  readonly regex: Regex
  readonly field: string
  /** Matches per text; infinite for all. */
  readonly limit: number
  /** Where the places of the groups go: `group=first-last`. */
  readonly offsetField: string | undefined
  dictionary(name: string): TextDictionary
  guard<T>(risky: boolean, job: () => T): T
}

/** Values of one text, in the order of the columns; null where it takes no match. */
type Found = readonly Value[] | null

/** The columns that a pattern's groups make, each made when first asked for; a text is matched once, whatever the columns. */
export function groupColumns(o: GroupsOptions): ReadonlyMap<string, Lazy> {
  const search: Search = { key: {}, find: (text) => match(text, o), o }
  const names = o.offsetField === undefined ? o.regex.names : [...o.regex.names, o.offsetField]
  return new Map(
    names.map((name, at) => {
      const keys = new WeakMap<TextDictionary, object>()
      return [name, (below) => o.guard(o.regex.risky, () => column(below, { name, at, keys }, search))]
    }),
  )
}

interface Search {
  readonly key: object
  readonly find: (text: string) => Found
  readonly o: GroupsOptions
}
/** A field that is made; `keys` hold the codes of its texts per dictionary that they go to. */
interface Made {
  readonly name: string
  readonly at: number
  readonly keys: WeakMap<TextDictionary, object>
}

/** Where nothing was found the field stays as it is. */
function column(below: Batch, { name, at, keys }: Made, { key, find, o }: Search): Column {
  const source = below.column(o.field)
  const under = below.column(name)
  const target = o.dictionary(name)
  if (source?.kind !== 'dictionary')
    return built(below, target, (row) => ofValues(textsOf(valueAt(source, row)), find, at) ?? valueAt(under, row))
  const memo = source.dictionary.memo(key, (code) => find(source.dictionary.text(code)))
  if (under !== undefined || o.limit !== 1) {
    return built(below, target, (row) => {
      const code = source.codes[row]!
      return (code < 0 ? null : memo.at(code)?.[at]) ?? valueAt(under, row)
    })
  }
  if (!keys.has(target)) keys.set(target, {})
  const codes = source.dictionary.memo(keys.get(target)!, (code) => {
    const text = memo.at(code)?.[at] as string | null | undefined
    return text === null || text === undefined ? -1 : target.intern(text)
  })
  return codesOf(below, source, codes, target)
}

function codesOf(below: Batch, source: DictionaryColumn, memo: Memo<number>, dictionary: TextDictionary): Column {
  const rows = rowsOf(below)
  const codes = new Int32Array(below.rows)
  const known = memo.values
  for (let i = 0; i < rows.length; i++) {
    const code = source.codes[rows[i]!]!
    codes[rows[i]!] = code < 0 ? -1 : (known[code] ?? memo.at(code))
  }
  return { kind: 'dictionary', codes, dictionary }
}

function built(below: Batch, target: TextDictionary, at: (row: number) => Value): Column {
  const builder = new ColumnBuilder(target)
  fill(builder, below, at)
  return builder.build()
}

/** Each value of a multivalue is searched. */
function ofValues(texts: readonly string[], find: (text: string) => Found, at: number): Value {
  if (texts.length === 1) return find(texts[0]!)?.[at] ?? null
  return multivalue(texts.flatMap((t) => textsOf(find(t)?.[at] ?? null)))
}

function match(text: string, { regex, limit, offsetField }: GroupsOptions): Found {
  const places = offsetField !== undefined
  const { names } = regex
  if (limit === 1 && !places) {
    const m = regex.exec(text)
    return m && names.map((name) => m.named(name) ?? null)
  }
  const matches = regex.matches(text, limit, places)
  if (matches.length === 0) return null
  const found: Value[] = names.map((name) => multivalue(matches.flatMap((m) => m.named(name) ?? [])))
  if (places) found.push(matches.flatMap((m) => names.flatMap((name) => placeOf(name, m.span(name)))).join('&'))
  return found
}

/** `name=first-last`, counted from 0, both included. */
const placeOf = (name: string, at: readonly [number, number] | undefined): string[] => (at ? [`${name}=${at[0]}-${at[1] - 1}`] : [])
