import type { OutputFormat } from '../../output/format'
import { type CatalogueEntry, readCatalogue } from '../../search/catalogue'
import { code, type Page, pageText, section, table } from './markdown'
import { cliPage, commandPage, endpointPage, functionPage, statisticPage } from './pages'

interface Chapter {
  readonly title: string
  readonly pages: readonly Page[]
}

const chapter = (title: string, entries: readonly CatalogueEntry[], page: (entry: CatalogueEntry) => Page): Chapter => ({
  title,
  pages: entries.map(page),
})

/** All pages of docs/reference/, by their path. */
export function referencePages(): ReadonlyMap<string, string> {
  const chapters = [
    chapter('Commands', readCatalogue('commands'), commandPage),
    chapter('Eval functions', readCatalogue('functions'), functionPage),
    chapter('Statistics', readCatalogue('aggregations'), statisticPage),
    chapter('Endpoints', readCatalogue('endpoints'), endpointPage),
    chapter('Command line', readCatalogue('cliCommands'), cliPage),
  ]
  const pages = chapters.flatMap((c) => c.pages.map((p) => [p.path, p.text] as const))
  return new Map([['README.md', indexText(chapters)], ...pages])
}

const indexText = (chapters: readonly Chapter[]): string =>
  pageText('Reference', [
    'One page for each definition. How Headstand differs from Splunk, and what it lacks: [differences](../differences.md).',
    ...chapters.map(({ title, pages }) => section(title, table(['name', 'what it is'], pages.map(indexRow)))),
    section('Output formats', outputTable(readCatalogue('outputs').map(({ definition }) => definition as OutputFormat))),
  ])

const indexRow = ({ path, title, summary }: Page): readonly string[] => [`[${code(title)}](${path})`, summary]

const outputTable = (formats: readonly OutputFormat[]): string | undefined =>
  table(
    ['`output_mode`', 'content type', 'what it is', 'source'],
    formats.map((f) => [`${code(f.name)}${f.local ? ' (command line only)' : ''}`, code(f.contentType), f.summary, f.source]),
  )
