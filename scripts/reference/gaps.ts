import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { readCatalogue } from '../../search/catalogue'
import { KNOWN_COMMANDS } from '../../search/known-commands'
import type { Endpoint } from '../../server/endpoint'
import { REFUSED_STATISTICS } from '../../spl/syntax/aggregation'
import type { Command } from '../../spl/syntax/command'
import { code, list } from './markdown'

const FOLDERS = ['spl', 'macros', 'knowledge', 'storage', 'search', 'detections', 'output', 'server', 'cli']

/** The source files of the project, by their paths from its root, in byte order. */
export function sourceFiles(root: string): readonly string[] {
  const below = (folder: string): string[] =>
    readdirSync(join(root, folder), { withFileTypes: true }).flatMap((e) =>
      e.isDirectory() ? below(`${folder}/${e.name}`) : e.name.endsWith('.ts') ? [`${folder}/${e.name}`] : [],
    )
  return FOLDERS.flatMap(below).sort()
}

/** A refusal of the source, and its text up to the end of the line or of the text. */
const PLACE = /(?:\bnotSupported\(|'not-supported(?:-setup)?', \{ what(?:: |\b))\s*([^\n]*)/g
const TEXT = /^(?:'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)"|`((?:[^`\\]|\\.)*)`)/

/**
 * What the source refuses as not supported, in the words of the message; what varies is `…`.
 * @throws Error where a place does not say so in a text of its own, since it could not be listed then
 */
export function refusedIn(file: string, source: string): readonly string[] {
  const found: string[] = []
  for (const m of source.matchAll(PLACE)) {
    const before = source.slice(0, m.index)
    if (/export const \w+ = \([^)]*\)[^\n]*$/.test(before)) continue
    const given = m[1]!.startsWith('}') ? (/\bconst what =\s*([^\n]*)\n[^\n]*$/.exec(before)?.[1] ?? '') : m[1]!
    const text = TEXT.exec(given)
    const what = text?.[1] ?? text?.[2] ?? text?.[3]
    if (what === undefined) throw new Error(`${file}: what is not supported must be written out: ${m[0]}`)
    found.push(what.replace(/\$\{(?:[^{}]|\{[^}]*\})*\}/g, '…').replace(/\\(.)/g, '$1'))
  }
  return found
}

function endpointGaps(): readonly string[] {
  return readCatalogue('endpoints').flatMap(({ definition }) => {
    const { params, paths } = definition as Endpoint
    const names = Object.entries(params).filter(([, { about }]) => about.startsWith('not supported'))
    return names.length === 0 ? [] : [`${code(paths[0]!)}: ${names.map(([name]) => code(name)).join(', ')}`]
  })
}

/** The section of docs/differences.md that is made, not written. */
export function gapsText(root: string): string {
  const names = new Set(
    readCatalogue('commands').flatMap(({ definition }) => [(definition as Command).name, ...(definition as Command).aliases]),
  )
  const commands = [...KNOWN_COMMANDS].filter((name) => !names.has(name)).sort()
  const refused = new Set<string>(sourceFiles(root).flatMap((file) => refusedIn(file, readFileSync(join(root, file), 'utf8'))))
  for (const listed of ["the '…' command", "the statistic '…'"]) refused.delete(listed)
  return [
    `Commands: ${commands.map(code).join(', ')}.`,
    `Statistics: ${REFUSED_STATISTICS.map(code).join(', ')}.`,
    `In searches and configuration (\`…\` stands for what varies):\n\n${list([...refused].sort())}`,
    `Parameters of endpoints, but for values that ask for nothing:\n\n${list(endpointGaps())}`,
  ].join('\n\n')
}
