import { dirname, isAbsolute, join } from 'node:path'
import type { IncomingEvent } from '../search/head'
import { readYaml } from './read-yaml'

/** Where events come from, and what stands before what they say of themselves. */
export type Given = { readonly origin: Partial<Pick<IncomingEvent, 'index' | 'host' | 'source' | 'sourcetype' | 'time'>> } & (
  | { readonly file: string }
  | { readonly event: string }
)

/** A row as its fields' texts; a list for a multivalue. */
export type ExpectedRow = Readonly<Record<string, string | readonly string[]>>

export interface Expected {
  /** Whether it gives any row. */
  readonly fires?: boolean
  readonly count?: number
  /** All rows with all their fields, in their order. */
  readonly rows?: readonly ExpectedRow[]
  /** Fields that every row must have a value of. */
  readonly fields?: readonly string[]
}

/** One test of a rule. */
export interface Case {
  readonly name: string
  /** Id or title of the rule, where the file beside the tests holds several. */
  readonly rule?: string
  readonly given: readonly Given[]
  readonly expect: Expected
  /** Fixes the clock: epoch seconds. The rule's own window counts then; it is all time otherwise. */
  readonly now?: number
  readonly earliest?: string
  readonly latest?: string
}

/** A test file that says something which is not understood. */
export class BadCase extends Error {
  override readonly name = 'BadCase'
}

type Members = Readonly<Record<string, unknown>>

/** Reads `*.test.yml`. @param file  its path: files that it names are found from there @throws BadCase */
export function readCases(file: string, text: string): readonly Case[] {
  try {
    const { tests } = members(readYaml(text, file), 'the file', ['tests'])
    return list(tests, 'tests').map((test, i) => readCase(test, `test ${i + 1}`, dirname(file)))
  } catch (error) {
    const message = (error as Error).message
    throw new BadCase(message.startsWith(`${file}: `) ? message : `${file}: ${message}`)
  }
}

const ORIGIN = ['index', 'host', 'source', 'sourcetype', 'time'] as const

function readCase(value: unknown, place: string, folder: string): Case {
  const { name, rule, given, expect, now, earliest, latest } = members(value, place, [
    'name',
    'rule',
    'given',
    'expect',
    'now',
    'earliest',
    'latest',
  ])
  const at = typeof name === 'string' ? `'${name}'` : place
  return {
    name: text(name, `${at}: name`),
    given: list(given ?? [], `${at}: given`).map((g, i) => readGiven(g, `${at}: given ${i + 1}`, folder)),
    expect: readExpected(expect, `${at}: expect`),
    ...(rule !== undefined && { rule: text(rule, `${at}: rule`) }),
    ...(now !== undefined && { now: time(now, `${at}: now`) }),
    ...(earliest !== undefined && { earliest: text(earliest, `${at}: earliest`) }),
    ...(latest !== undefined && { latest: text(latest, `${at}: latest`) }),
  }
}

/** A path alone is a file. */
function readGiven(value: unknown, place: string, folder: string): Given {
  const inFolder = (path: string) => (isAbsolute(path) ? path : join(folder, path))
  if (typeof value === 'string') return { file: inFolder(value), origin: {} }
  const { file, event, ...rest } = members(value, place, ['file', 'event', ...ORIGIN])
  const origin = Object.fromEntries(
    Object.entries(rest).map(([key, v]) => [key, key === 'time' ? time(v, `${place}: time`) : text(v, `${place}: ${key}`)]),
  )
  if ((file === undefined) === (event === undefined)) throw new BadCase(`${place}: either 'file' or 'event' must be there`)
  if (file !== undefined) return { file: inFolder(text(file, `${place}: file`)), origin }
  // The line end of a block scalar is none of the event's.
  return { event: text(event, `${place}: event`).replace(/\n$/, ''), origin }
}

/** `fires` and `quiet` alone say whether rows come. */
function readExpected(value: unknown, place: string): Expected {
  if (value === 'fires' || value === 'quiet') return { fires: value === 'fires' }
  const { fires, quiet, count, rows, fields } = members(value, place, ['fires', 'quiet', 'count', 'rows', 'fields'])
  const expected: Expected = {
    ...(fires !== undefined && { fires: truth(fires, `${place}: fires`) }),
    ...(quiet !== undefined && { fires: !truth(quiet, `${place}: quiet`) }),
    ...(count !== undefined && { count: whole(count, `${place}: count`) }),
    ...(rows !== undefined && { rows: list(rows, `${place}: rows`).map((r, i) => readRow(r, `${place}: row ${i + 1}`)) }),
    ...(fields !== undefined && { fields: list(fields, `${place}: fields`).map((f) => text(f, `${place}: fields`)) }),
  }
  if (Object.keys(expected).length === 0) throw new BadCase(`${place}: says nothing; fires, quiet, count, rows or fields must be there`)
  if (fires !== undefined && quiet !== undefined) throw new BadCase(`${place}: 'fires' and 'quiet' say the same thing; one must go`)
  return expected
}

function readRow(value: unknown, place: string): ExpectedRow {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new BadCase(`${place}: must be fields with their values`)
  const cell = (v: unknown, name: string) =>
    Array.isArray(v) ? v.map((one) => text(one, `${place}: ${name}`)) : text(v, `${place}: ${name}`)
  return Object.fromEntries(Object.entries(value).map(([name, v]) => [name, cell(v, name)]))
}

function members(value: unknown, place: string, known: readonly string[]): Members {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new BadCase(`${place} must have the keys ${known.join(', ')}`)
  const stranger = Object.keys(value).find((key) => !known.includes(key))
  if (stranger !== undefined) throw new BadCase(`${place}: unknown key '${stranger}'; there are ${known.join(', ')}`)
  return value as Members
}

function list(value: unknown, place: string): readonly unknown[] {
  if (!Array.isArray(value)) throw new BadCase(`${place} must be a list`)
  return value
}
function text(value: unknown, place: string): string {
  if (typeof value === 'string') return value
  if (typeof value === 'number' || typeof value === 'boolean') return String(value)
  throw new BadCase(`${place} must be a text`)
}
function truth(value: unknown, place: string): boolean {
  if (typeof value !== 'boolean') throw new BadCase(`${place} must be true or false`)
  return value
}
function whole(value: unknown, place: string): number {
  if (typeof value !== 'number' || !Number.isInteger(value) || value < 0) throw new BadCase(`${place} must be a whole number`)
  return value
}

/** Epoch seconds, or ISO 8601 with a zone. */
function time(value: unknown, place: string): number {
  if (typeof value === 'number') return value
  const at = typeof value === 'string' && /(Z|[+-]\d{2}:\d{2})$/.test(value) ? Date.parse(value) / 1000 : Number.NaN
  if (Number.isNaN(at)) throw new BadCase(`${place} must be epoch seconds or a time such as 2024-05-01T10:00:00Z`)
  return at
}
