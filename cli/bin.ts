import { version } from '../package.json'
import { MALLOC } from '../search/engine/malloc'

// Only what `--version` needs: reading the rest takes longer than answering. scripts/build.mjs leaves ./main outside.
const args = process.argv.slice(2)
if (args[0] === '--version' || args[0] === '-v') process.stdout.write(`${version}\n`)
else if (args[0] === 'ingest' && process.platform === 'linux' && Object.keys(MALLOC).some((name) => process.env[name] === undefined))
  again()
else {
  if (args[0] === 'ingest') endWithParent()
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

/** The same command line in a process of its own: glibc reads its settings at a start only. Ends as that process does. */
function again(): void {
  const { fork } = require('node:child_process') as typeof import('node:child_process')
  const child = fork(process.argv[1]!, args, { env: { ...MALLOC, ...process.env } })
  // A terminal's SIGINT reaches both: as a SIGTERM it is not taken for a second one, which would end the child at once.
  const passOn = () => void child.kill('SIGTERM')
  process.on('SIGINT', passOn).on('SIGTERM', passOn)
  child.on('exit', (code, signal) => {
    process.off('SIGINT', passOn).off('SIGTERM', passOn)
    if (signal) process.kill(process.pid, signal)
    else process.exitCode = code ?? undefined
  })
}

/** In that process: who kills the parent means the ingest, and would find its store locked. */
function endWithParent(): void {
  process.once('disconnect', () => process.kill(process.pid, 'SIGTERM'))
  process.channel?.unref()
}
