/** Compiles storage/backends/sqlite/lz4.wat into lz4-code.ts beside it. With --check: says whether they fit. */
import { readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import wabt from 'wabt'

const folder = join(dirname(fileURLToPath(import.meta.url)), '..', 'storage', 'backends', 'sqlite')
const { parseWat } = await wabt()
const { buffer } = parseWat('lz4.wat', readFileSync(join(folder, 'lz4.wat'), 'utf8'), { simd: true }).toBinary({})
const lines = Buffer.from(buffer)
  .toString('base64')
  .match(/.{1,120}/g)
const text = `/** lz4.wat, compiled by scripts/lz4.mjs. */
export const LZ4_CODE = [
${lines.map((l) => `  '${l}',`).join('\n')}
].join('')
`
const file = join(folder, 'lz4-code.ts')
if (!process.argv.includes('--check')) writeFileSync(file, text)
else if (readFileSync(file, 'utf8') !== text) {
  process.stderr.write('lz4-code.ts is not what lz4.wat compiles to: run node scripts/lz4.mjs\n')
  process.exitCode = 1
}
