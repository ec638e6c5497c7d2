import { existsSync, readdirSync } from 'node:fs'
import { join, parse } from 'node:path'
import folders from './catalogue-folders.json'

export type CatalogueKind = keyof typeof folders

export interface CatalogueEntry {
  /** Name of the file without its ending. */
  readonly file: string
  /** What the file exports by default. */
  readonly definition: unknown
}

/**
 * Reads the definitions of a kind, one a file of the kind's folder, in byte order of the file names.
 *
 * Call it with the kind written out, `readCatalogue('commands')`: a bundle has no folders, so scripts/build.mjs reads the
 * kinds from the calls and puts a list of those files in place of this module.
 * @returns an empty list where the folder is not there
 */
export function readCatalogue(kind: CatalogueKind): readonly CatalogueEntry[] {
  const folder = join(__dirname, '..', folders[kind])
  if (!existsSync(folder)) return []
  const files = readdirSync(folder).filter((name) => name.endsWith('.ts') && !name.endsWith('.d.ts'))
  return files.sort().map((name) => ({ file: parse(name).name, definition: require(join(folder, name)).default }))
}
