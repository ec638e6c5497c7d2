import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Row } from '../bench'
import { figure, rounds } from '../measure'

/** How often each is started. */
const STARTS = 9
/** Milliseconds after which a server that nobody asks counts as idle. */
const IDLE = 2000

async function ended(args: readonly string[]): Promise<void> {
  const [code] = (await once(spawn(process.execPath, args, { stdio: 'ignore' }), 'exit')) as [number]
  if (code !== 0) throw new Error(`node ${args.join(' ')}: exit code ${code}`)
}

/** Starts a server; resolves when its event collector says that it takes events and searches. */
async function healthy(binary: string): Promise<ChildProcess> {
  const child = spawn(process.execPath, [binary, 'serve', '--port', '0', '--no-tls', '--log-level', 'silent'], {
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  let said = ''
  for await (const chunk of child.stdout) {
    said += String(chunk)
    const url = /Event Collector\s+(\S+)\n/.exec(said)?.[1]
    if (url === undefined) continue
    const { status } = await fetch(`${url}/health`)
    if (status !== 200) throw new Error(`health: ${status}`)
    break
  }
  return child
}

async function stopped(child: ChildProcess): Promise<void> {
  const exit = once(child, 'exit')
  child.kill('SIGTERM')
  await exit
}

export const starts: Row = {
  name: 'starts',
  async measure(bench) {
    const binary = join(bench.root, 'dist', 'bin.js')
    bench.say('starts of processes')
    const servers: ChildProcess[] = []
    const times = await rounds(STARTS, [
      () => ended(['-e', '0']),
      () => ended([binary, '--version']),
      () => ended([binary, 'search', '| makeresults']),
      async () => servers.push(await healthy(binary)),
      // Not part of the start, and not left running beside the next.
      () => stopped(servers.pop()!),
    ])
    const [node, version, search, serve] = ['node -e 0', '--version', "search '| makeresults'", 'serve until healthy'].map((name, i) =>
      figure(name, 'ms', times[i]!),
    )
    const over = (ms: number) => `${ms.toFixed(0)} ms over node`
    return [
      {
        row: 'starts',
        what: 'starts of processes',
        figures: [node!, version!, search!, serve!],
        ratios: [
          { over: '--version, 1.2 × node', value: (1.2 * node!.median) / version!.median, floor: 1 },
          { over: 'search, node + 120 ms', value: (node!.median + 120) / search!.median, floor: 1 },
          { over: 'serve, node + 350 ms', value: (node!.median + 350) / serve!.median, floor: 1 },
        ],
        notes: [`search ${over(search!.median - node!.median)}, serve ${over(serve!.median - node!.median)}`],
      },
    ]
  },
}

/** Memory that processes do not share, and their part of what they do; of a process and all below it. Linux only. */
function proportional(pid: number): number {
  const children = readdirSync(`/proc/${pid}/task`).flatMap((task) =>
    readFileSync(`/proc/${pid}/task/${task}/children`, 'utf8').split(' ').filter(Boolean).map(Number),
  )
  const own = Number(/^Pss:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'))?.[1]) * 1024
  return children.reduce((sum, child) => sum + proportional(child), own)
}

export const idle: Row = {
  name: 'idle',
  async measure(bench) {
    if (process.platform !== 'linux') return []
    bench.say('memory of an idle server')
    const values: number[] = []
    for (let i = 0; i < 2; i++) {
      const server = await healthy(join(bench.root, 'dist', 'bin.js'))
      await sleep(IDLE)
      values.push(proportional(server.pid!) / 1e6)
      await stopped(server)
    }
    const memory = figure('Pss of all processes', 'MB', values)
    return [
      {
        row: 'idle',
        what: 'idle server',
        figures: [memory],
        ratios: [{ over: 'memory of 120 MB', value: 120 / memory.median, floor: 1 }],
        notes: [],
      },
    ]
  },
}
