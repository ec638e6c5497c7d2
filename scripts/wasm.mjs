/** Compiles the AssemblyScript of the project (*.as) into the -code.ts beside each. With --check: says whether they fit. */
import { readFileSync, writeFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import asc from 'assemblyscript/asc'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')
/** Pages of memory that each has from the start. */
const SOURCES = [
  { file: 'storage/backends/sqlite/lz4', name: 'LZ4_CODE', pages: 1 },
  { file: 'storage/backends/sqlite/block-terms', name: 'BLOCK_TERMS_CODE', pages: 200 },
  { file: 'storage/matching/folded-search', name: 'FOLDED_SEARCH_CODE', pages: 12 },
  { file: 'storage/backends/sqlite/frame-search', name: 'FRAME_SEARCH_CODE', pages: 2 },
]
/** Imported by others. */
const PARTS = ['lz4.ts', 'json-search.ts']
const OPTIONS = ['-O3', '--runtime', 'stub', '--enable', 'simd', '--noAssert']

async function compiled({ file, pages }) {
  let code
  const source = (name) => readFileSync(join(root, dirname(file), `${name}.as`), 'utf8')
  const { error, stderr } = await asc.main(['entry.ts', '-o', 'entry.wasm', '--initialMemory', String(pages), ...OPTIONS], {
    readFile: (name) => (name === 'entry.ts' ? source(basename(file)) : PARTS.includes(name) ? source(basename(name, '.ts')) : null),
    writeFile: (_name, contents) => {
      code = contents
    },
    listFiles: () => [],
  })
  if (error) throw new Error(`${file}.as: ${error.message}\n${stderr.toString()}`)
  return Buffer.from(code)
}

for (const source of SOURCES) {
  const lines = (await compiled(source)).toString('base64').match(/.{1,120}/g)
  const text = `/** ${source.file}.as, compiled by scripts/wasm.mjs. */
export const ${source.name} = [
${lines.map((l) => `  '${l}',`).join('\n')}
].join('')
`
  const file = join(root, `${source.file}-code.ts`)
  if (!process.argv.includes('--check')) writeFileSync(file, text)
  else if (readFileSync(file, 'utf8') === text) process.stdout.write(`${basename(file)} fits\n`)
  else {
    process.stderr.write(`${source.file}-code.ts is not what its source compiles to: run node scripts/wasm.mjs\n`)
    process.exitCode = 1
  }
}
