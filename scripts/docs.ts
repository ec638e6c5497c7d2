/**
 * Writes docs/reference/ from the definitions, and the list of gaps in docs/differences.md; with `--check` it only says
 * what is not as it would be written.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { gapsText } from './reference/gaps'
import { referencePages } from './reference/reference'

const BEGIN = '<!-- begin: made by `npm run docs` -->'
const END = '<!-- end -->'

/** Every file that is made, by its path from the root. */
export function madeFiles(root: string): ReadonlyMap<string, string> {
  const files = new Map<string, string>()
  for (const [path, text] of referencePages()) files.set(`docs/reference/${path}`, text)
  const differences = readFileSync(join(root, 'docs', 'differences.md'), 'utf8')
  const [before, rest] = differences.split(BEGIN)
  const [, after] = rest?.split(END) ?? []
  if (after === undefined) throw new Error(`docs/differences.md: the section between ${BEGIN} and ${END} is not there`)
  return files.set('docs/differences.md', `${before}${BEGIN}\n\n${gapsText(root)}\n\n${END}${after}`)
}

const textAt = (path: string): string | undefined => (existsSync(path) ? readFileSync(path, 'utf8') : undefined)

function pagesThere(root: string): readonly string[] {
  const folder = join(root, 'docs', 'reference')
  if (!existsSync(folder)) return []
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true })
  return entries
    .filter((e) => e.isFile())
    .map((e) =>
      join(e.parentPath, e.name)
        .slice(root.length + 1)
        .replaceAll('\\', '/'),
    )
}

/** Run from the project's folder, as npm does. */
export async function main(argv: readonly string[]): Promise<number> {
  const root = process.cwd()
  const made = madeFiles(root)
  const changed = [...made].filter(([path, text]) => textAt(join(root, path)) !== text)
  const stale = pagesThere(root).filter((path) => !made.has(path))
  if (argv.includes('--check')) {
    for (const path of [...changed.map(([p]) => p), ...stale]) console.error(`${path} is out of step with the definitions: npm run docs`)
    return changed.length + stale.length > 0 ? 1 : 0
  }
  for (const [path, text] of changed) {
    mkdirSync(dirname(join(root, path)), { recursive: true })
    writeFileSync(join(root, path), text)
  }
  for (const path of stale) rmSync(join(root, path))
  console.log(`docs: ${changed.length} written, ${stale.length} removed, ${made.size} in all`)
  return 0
}
