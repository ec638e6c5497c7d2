import type { CliCommand } from '../../cli/cli-command'
import { commandHelp } from '../../cli/help'
import type { CatalogueEntry } from '../../search/catalogue'
import type { Endpoint } from '../../server/endpoint'
import type { EvalFunction } from '../../spl/expressions/function'
import type { Command } from '../../spl/syntax/command'
import type { Syntax } from '../../spl/syntax/shapes'
import type { Aggregation } from '../../spl/syntax/statistics'
import { block, code, type Page, pageText, section, table } from './markdown'

const also = (aliases: readonly string[] | undefined) => (aliases?.length ? `Also written ${aliases.map(code).join(', ')}.` : undefined)
const from = (source: string) => `Source: ${source}`

/** A default that can be typed; others are what the usage says already. */
function shown(fallback: unknown): string {
  if (fallback === undefined || fallback === null || fallback === '') return ''
  if (Array.isArray(fallback)) return fallback.length > 0 ? code(fallback.join(' ')) : ''
  return typeof fallback === 'object' ? '' : code(String(fallback))
}

/** The part without the brackets and the name that its usage puts around it. */
function valueUsage({ usage, named }: Syntax<unknown>): string {
  const inner = usage.replace(/^\[(.*)\]$/s, '$1')
  return named && inner.startsWith(`${named}=`) ? inner.slice(named.length + 1) : inner
}

export function commandPage({ definition }: CatalogueEntry): Page {
  const c = definition as Command
  const parts = Object.values(c.syntax).filter(({ usage }) => usage !== '')
  const options = parts.filter(({ named }) => named !== undefined)
  const others = parts.filter(({ named }) => named === undefined)
  const text = pageText(c.name, [
    c.summary,
    also(c.aliases),
    block('', [c.usage]),
    section(
      'Arguments',
      table(
        ['argument', 'needed', 'default'],
        others.map((s) => [code(valueUsage(s)), s.optional ? 'no' : 'yes', shown(s.fallback)]),
      ),
    ),
    section(
      'Options',
      table(
        ['option', 'value', 'default'],
        options.map((s) => [[s.named!, ...(s.aliases ?? [])].map(code).join(', '), code(valueUsage(s)), shown(s.fallback)]),
      ),
    ),
    section(
      'Examples',
      block(
        'spl',
        c.examples.map((example) => (c.scans ? example : `| ${example}`)),
      ),
    ),
    `${c.kind.charAt(0).toUpperCase()}${c.kind.slice(1)} command. ${from(c.source)}`,
  ])
  return { path: `commands/${c.name}.md`, title: c.name, summary: c.summary, text }
}

export function functionPage({ file, definition }: CatalogueEntry): Page {
  const f = definition as EvalFunction
  const optional = (f.params ?? []).map((p, i) => [p, i] as const).filter(([p]) => p.optional)
  const result = (r: string | null | readonly string[]) =>
    r === null ? 'null' : typeof r === 'string' ? code(r) : `multivalue ${r.map(code).join(', ')}`
  const text = pageText(f.name, [
    f.summary,
    also(f.aliases),
    block('', [f.usage]),
    `Gives: ${f.returns === 'any' ? 'any value' : f.returns}.`,
    section(
      'Parameters that may be left out',
      table(
        ['place', 'takes', 'default'],
        optional.map(([p, i]) => [String(i + 1), code(p.shape), shown(p.fallback)]),
      ),
    ),
    section(
      'Examples',
      table(
        ['expression', 'result'],
        f.examples.map(([expression, r]) => [code(expression), result(r)]),
      ),
    ),
    from(f.source),
  ])
  return { path: `functions/${file}.md`, title: f.name, summary: f.summary, text }
}

const TAKES: Readonly<Record<Aggregation['takes'], string>> = {
  rows: 'Takes rows, or the values of a field.',
  numbers: 'Takes the numbers of a field; other values are passed over.',
  texts: 'Takes the values of a field as texts.',
  either: 'Takes the values of a field, as numbers where all of them are.',
  placed: 'Takes the values of a field, in the order of events.',
  timed: 'Takes the values of a field, by the `_time` of their events.',
}

export function statisticPage({ file, definition }: CatalogueEntry): Page {
  const a = definition as Aggregation
  const call = (name: string) => `${name}${a.numbered ? '<number>' : ''}(<field>)`
  const text = pageText(a.name, [
    a.summary,
    also(a.aliases.map((alias) => (a.numbered ? `${alias}<number>` : alias))),
    block('', [...(a.takes === 'rows' ? [a.name] : []), call(a.name)]),
    `${TAKES[a.takes]} Over no value at all it is ${a.empty === 0 ? '0' : 'null'}.`,
    section(
      'Examples',
      block(
        'spl',
        a.examples.map((example) => `| ${example}`),
      ),
    ),
    from(a.source),
  ])
  return { path: `statistics/${file}.md`, title: a.numbered ? `${a.name}<number>` : a.name, summary: a.summary, text }
}

const UNKNOWN: Readonly<Record<Endpoint['unknown'], string>> = {
  refuse: 'Any other parameter is refused with 400.',
  echo: 'Any other parameter is kept with the job and shown in its entry.',
  ignore: 'Any other parameter is passed over.',
}

export function endpointPage({ file, definition }: CatalogueEntry): Page {
  const e = definition as Endpoint
  const collector = e.api === 'collector'
  const lines = e.paths.flatMap((path) => e.methods.map((method) => `${method} /services/${path}`))
  const who = collector ? 'HTTP Event Collector.' : 'Management API; also below `/servicesNS/{owner}/{app}`.'
  const text = pageText(lines[0]!, [
    e.summary,
    block('', lines),
    `${who} ${e.anonymous ? 'Needs no credentials.' : collector ? 'Needs a token.' : 'Needs credentials.'}`,
    section(
      'Parameters',
      table(
        ['parameter', 'value'],
        Object.entries(e.params).map(([name, { about }]) => [code(name), about]),
      ),
    ),
    UNKNOWN[e.unknown],
    from(e.source),
  ])
  return { path: `endpoints/${file}.md`, title: lines[0]!, summary: e.summary, text }
}

export function cliPage({ definition }: CatalogueEntry): Page {
  const c = definition as CliCommand
  const text = pageText(`headstand ${c.name}`, [block('', [commandHelp(c).trimEnd()])])
  return { path: `cli/${c.name}.md`, title: `headstand ${c.name}`, summary: c.summary, text }
}
