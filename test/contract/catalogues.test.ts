import { join, parse } from 'node:path'
import type { CliCommand } from '../../cli/cli-command'
import type { OutputFormat } from '../../output/format'
import { catalogueFiles } from '../../scripts/catalogues.mjs'
import { type CatalogueEntry, type CatalogueKind, readCatalogue } from '../../search/catalogue'
import folders from '../../search/catalogue-folders.json'
import { KNOWN_COMMANDS } from '../../search/known-commands'
import { loadLanguage } from '../../search/load-language'
import type { Endpoint } from '../../server/endpoint'
import type { EvalFunction } from '../../spl/expressions/function'
import { readPipeline } from '../../spl/parse/pipeline'
import type { Command } from '../../spl/syntax/command'
import type { Aggregation } from '../../spl/syntax/statistics'
import { loadCases, type SpecCase } from '../support/spec-case'

const catalogue = <T>(entries: readonly CatalogueEntry[]) => entries.map(({ file, definition }) => ({ file, definition: definition as T }))
const commands = catalogue<Command>(readCatalogue('commands'))
const functions = catalogue<EvalFunction>(readCatalogue('functions'))
const aggregations = catalogue<Aggregation>(readCatalogue('aggregations'))
const endpoints = catalogue<Endpoint>(readCatalogue('endpoints'))
const outputs = catalogue<OutputFormat>(readCatalogue('outputs'))
const cliCommands = catalogue<CliCommand>(readCatalogue('cliCommands'))

/** Code of a search: no quoted texts, no comments. */
const codeOf = (search: string) => search.replace(/```[\s\S]*?```/g, ' ').replace(/"(?:\\.|[^"\\])*"/gs, '""')
const commandsOf = (search: string) =>
  [...codeOf(/^\s*\||^\s*search\b/i.test(search) ? search : `search ${search}`).matchAll(/(?:^|[|[])\s*([a-z]\w*)/gi)].map((m) =>
    m[1]!.toLowerCase(),
  )
const callsOf = (search: string) => [...codeOf(search).matchAll(/([a-z_][\w.]*)\s*\(/gi)].map((m) => m[1]!.toLowerCase())

const cases = loadCases(join(__dirname, '..', 'spec'))
const isRefusal = (c: SpecCase) => 'error' in c.expect
/** The command that a case is about: the one that refuses stands last. */
const refusers = new Set(cases.filter(isRefusal).flatMap((c) => commandsOf(c.search).at(-1) ?? []))
const used = new Set(cases.filter((c) => !isRefusal(c)).flatMap((c) => commandsOf(c.search)))
const called = new Set(cases.flatMap((c) => callsOf(c.search)))

const twice = (names: readonly string[]) => names.filter((name, i) => names.indexOf(name) !== i)
const named = (entries: readonly { readonly definition: { readonly name: string; readonly aliases?: readonly string[] } }[]) =>
  entries.flatMap(({ definition }) => [definition.name, ...(definition.aliases ?? [])])

describe('every folder', () => {
  test.each(Object.keys(folders) as CatalogueKind[])('%s: a bundle holds the files that are read from the sources', (kind) => {
    const read = { commands, functions, aggregations, endpoints, outputs, cliCommands, confKinds: readCatalogue('confKinds') }[kind]
    expect(catalogueFiles(kind).map((path) => parse(path).name)).toEqual(read.map(({ file }) => file))
  })

  test.each([
    ['commands', commands, (file: string) => file],
    ['functions', functions, (file: string) => file.replaceAll('-', '_')],
    ['statistics', aggregations, (file: string) => file.replaceAll('-', '_')],
    ['output formats', outputs, (file: string) => file],
    ['sub-commands', cliCommands, (file: string) => file],
  ] as const)('%s are named like their files', (_kind, entries, nameOf) => {
    expect(entries.map(({ definition }) => definition.name)).toEqual(entries.map(({ file }) => nameOf(file)))
  })

  test.each([
    ['commands', named(commands)],
    ['functions', named(functions)],
    ['statistics', named(aggregations)],
    ['output formats', named(outputs)],
    ['sub-commands', named(cliCommands)],
    [
      'endpoints',
      endpoints.flatMap(({ definition: d }) =>
        d.paths.flatMap((path) => d.methods.map((m) => `${d.api} ${m} ${path.replace(/\{\w+\}/g, '{}')}`)),
      ),
    ],
  ] as const)('%s: no name or alias stands twice', (_kind, names) => {
    expect(twice(names)).toEqual([])
  })

  test.each([
    ['commands', commands],
    ['functions', functions],
    ['statistics', aggregations],
    ['endpoints', endpoints],
    ['output formats', outputs],
  ] as const)('%s say what they do, and where that is written', (_kind, entries) => {
    const silent = entries.filter(({ definition: { summary, source } }) => !/^\S.*\.$/s.test(summary) || source.trim() === '')
    expect(silent.map(({ file }) => file)).toEqual([])
  })

  test.each([
    ['commands', commands],
    ['functions', functions],
    ['statistics', aggregations],
    ['sub-commands', cliCommands],
  ] as const)('%s have examples', (_kind, entries) => {
    expect(entries.filter(({ definition }) => definition.examples.length === 0).map(({ file }) => file)).toEqual([])
  })
})

describe('examples', () => {
  /** The messages with which a text is refused. */
  const problemsOf = (text: string) => readPipeline(text, loadLanguage(), KNOWN_COMMANDS).problems.map(({ message }) => message)

  test.each(
    commands.flatMap(({ definition: { examples, scans, kind } }) =>
      examples.map((e) => (scans ? e : kind === 'generating' ? `| ${e}` : `| makeresults | ${e}`)),
    ),
  )('%s', (text) => {
    expect(problemsOf(text)).toEqual([])
  })

  test.each(commands.flatMap(({ definition: { name, examples } }) => examples.map((example) => [name, example] as const)))(
    'of %s: %s',
    (name, example) => {
      expect(commandsOf(`| ${example}`)[0]).toBe(name)
    },
  )

  test.each(aggregations.flatMap(({ definition: { name, aliases, examples } }) => examples.map((e) => [name, aliases, e] as const)))(
    'of %s (%j): %s',
    (name, aliases, example) => {
      expect(problemsOf(`| makeresults | ${example}`)).toEqual([])
      expect([name, ...aliases].some((n) => example.includes(n))).toBe(true)
    },
  )
})

test('functions of values take as many arguments as they say', () => {
  /** Whether a call with so many fields is refused for its arguments. */
  const refuses = (name: string, count: number) =>
    readPipeline(
      `| makeresults | eval v=tostring(${name}(${Array.from({ length: count }, () => 'a').join(', ')}))`,
      loadLanguage(),
      KNOWN_COMMANDS,
    ).problems.some(({ message }) => message === `Error in 'EvalCommand': The arguments to the '${name}' function are invalid.`)
  const wrong = functions.flatMap(({ definition: { name, params } }) => {
    if (!params) return []
    const least = params.filter((p) => !p.optional && !p.rest).length
    const most = params.some((p) => p.rest) ? undefined : params.length
    return [
      ...(least > 0 && !refuses(name, least - 1) ? [`${name} of ${least - 1}`] : []),
      ...(most !== undefined && !refuses(name, most + 1) ? [`${name} of ${most + 1}`] : []),
    ]
  })
  expect(wrong).toEqual([])
})

describe('spec cases', () => {
  test('use every command', () => {
    expect(commands.map(({ definition }) => definition.name).filter((name) => !used.has(name))).toEqual([])
  })
  test('show what every command refuses', () => {
    expect(commands.map(({ definition }) => definition.name).filter((name) => !refusers.has(name))).toEqual([])
  })
  test('call every function, by its name or an alias', () => {
    expect(functions.filter(({ definition }) => !named([{ definition }]).some((n) => called.has(n))).map(({ file }) => file)).toEqual([])
  })
  test('call every statistic, by its name or an alias', () => {
    const calls = (name: string, numbered: boolean) => [...called].some((c) => (numbered ? c.replace(/[\d.]+$/, '') : c) === name)
    const missing = aggregations.filter(({ definition: d }) => !named([{ definition: d }]).some((n) => calls(n, d.numbered)))
    expect(missing.map(({ file }) => file)).toEqual([])
  })
  test('have names of their own', () => {
    expect(twice(cases.map(({ id }) => id))).toEqual([])
  })
})
