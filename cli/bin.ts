import { version } from '../package.json'

// Only what `--version` needs: reading the rest takes longer than answering. scripts/build.mjs leaves ./main outside.
const args = process.argv.slice(2)
if (args[0] === '--version' || args[0] === '-v') process.stdout.write(`${version}\n`)
else {
  const { main } = require('./main') as typeof import('./main')
  main(args).then(
    (code) => {
      process.exitCode = code
    },
    (error: unknown) => {
      process.stderr.write(`headstand: ${error instanceof Error ? error.stack : error}\n`)
      process.exitCode = 2
    },
  )
}
