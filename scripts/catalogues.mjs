/** How the catalogues, which are folders of definitions, get into a bundle, which has no folders. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join, parse, relative } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')

/** The files of a catalogue's folder, as search/catalogue.ts finds them when it runs from the sources. */
export function catalogueFiles(kind) {
  const folder = join(root, catalogueFolders()[kind])
  if (!existsSync(folder)) return []
  const names = readdirSync(folder).filter((name) => name.endsWith('.ts') && !name.endsWith('.d.ts'))
  return names.sort().map((name) => join(folder, name))
}

function catalogueFolders() {
  return JSON.parse(readFileSync(join(root, 'search', 'catalogue-folders.json'), 'utf8'))
}

/**
 * The kinds that a source asks for, from its calls `readCatalogue('kind')`. Only they enter the bundle, so that a worker
 * carries no endpoints.
 * @throws Error where a call names its kind in another way, or an unknown one
 */
export function kindsAskedFor(source, importer) {
  const calls = source.match(/\breadCatalogue\s*\(/g) ?? []
  const kinds = [...source.matchAll(/\breadCatalogue\s*\(\s*['"](\w+)['"]\s*\)/g)].map((match) => match[1])
  const known = catalogueFolders()
  if (kinds.length === 0 || kinds.length < calls.length)
    throw new Error(`${importer}: readCatalogue must be called with its kind written out`)
  for (const kind of kinds) if (!(kind in known)) throw new Error(`${importer}: search/catalogue-folders.json has no kind '${kind}'`)
  return [...new Set(kinds)].sort()
}

/** Puts lists of files in place of search/catalogue.ts, which reads folders: one module a kind, one a set of kinds. */
export const catalogues = {
  name: 'catalogues',
  setup(setup) {
    const module = join(root, 'search', 'catalogue')
    setup.onResolve({ filter: /\/catalogue$/ }, ({ path, resolveDir, importer }) => {
      if (join(resolveDir, path) !== module) return undefined
      try {
        const kinds = kindsAskedFor(readFileSync(importer, 'utf8'), relative(root, importer))
        return { path: kinds.join('+'), namespace: 'catalogues' }
      } catch (error) {
        return { errors: [{ text: error.message }] } // thrown, it would be shown with esbuild's own call stack
      }
    })
    setup.onResolve({ filter: /^headstand-catalogue:/ }, ({ path }) => ({ path: path.split(':')[1], namespace: 'catalogue' }))
    setup.onLoad({ filter: /.*/, namespace: 'catalogues' }, ({ path }) => ({ contents: readerOf(path.split('+')), resolveDir: root }))
    setup.onLoad({ filter: /.*/, namespace: 'catalogue' }, ({ path }) => ({ contents: listOf(catalogueFiles(path)), resolveDir: root }))
  },
}

function readerOf(kinds) {
  const imports = kinds.map((kind) => `import ${kind} from 'headstand-catalogue:${kind}'`)
  return `${imports.join('\n')}\nconst lists = { ${kinds.join(', ')} }\nexport function readCatalogue(kind) { return lists[kind] }\n`
}

function listOf(files) {
  const imports = files.map((file, i) => `import d${i} from ${JSON.stringify(file)}`)
  const entries = files.map((file, i) => `{ file: ${JSON.stringify(parse(file).name)}, definition: d${i} }`)
  return `${imports.join('\n')}\nexport default [${entries.join(', ')}]\n`
}
