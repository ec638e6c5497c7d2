/**
 * Runs the `main(argv): Promise<number>` of a TypeScript file: `node scripts/run.mjs test/support/spec-cli.ts ARGS…`.
 * The file is bundled first, since Node 20 loads no TypeScript; the number is the exit code.
 */
import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join, parse } from 'node:path'
import { bundle, root } from './build.mjs'

const [entry, ...args] = process.argv.slice(2)
if (!entry || !existsSync(join(root, entry))) {
  console.error(entry ? `${entry} is not there.` : 'usage: node scripts/run.mjs FILE.ts ARGS…')
  process.exit(2)
}
// Inside the project, so that packages are found from there; not in dist/, which is what ships.
const outfile = join(root, 'node_modules', '.cache', 'headstand', `${parse(entry).name}.js`)
try {
  await bundle(entry, outfile)
} catch (error) {
  if (!error.errors) console.error(error.message) // esbuild has printed its own
  process.exit(2)
}
process.setSourceMapsEnabled(true)
process.exitCode = await createRequire(import.meta.url)(outfile).main(args)
