const { execFileSync } = require('node:child_process')

/** Milliseconds: how often one looks, and how long a test file may take. Time limits of tests end sooner, but none ends a loop. */
const LOOK = 60_000
const LONGEST = 600_000

/** Says which test files take long, and ends a run in which one never ends. */
class Stuck {
  running = new Map()

  /** @param print  takes a line @param giveUp  takes the files that did not end, before the process ends */
  constructor(print, giveUp) {
    this.print = print
    this.giveUp = giveUp
    this.timer = setInterval(() => this.look(), LOOK).unref()
  }
  started(file) {
    this.running.set(file, { since: Date.now(), test: 'before its tests' })
  }
  testStarted(file, test) {
    const entry = this.running.get(file)
    if (entry) entry.test = test
  }
  ended(file) {
    this.running.delete(file)
  }
  stop() {
    clearInterval(this.timer)
  }

  look() {
    const all = [...this.running].map(([file, { since, test }]) => ({ file, test, took: Date.now() - since }))
    for (const { file, test, took } of all) if (took > LONGEST / 4) this.print(`     ${Math.round(took / 1000)} s in ${file}: ${test}`)
    if (!all.some(({ took }) => took > LONGEST)) return
    for (const { pid, args } of below(process.pid, processes())) {
      this.print(`     ended: ${pid} ${args.slice(0, 200)}`)
      kill(pid)
    }
    this.giveUp(all)
    process.exit(1)
  }
}

/** None where there is no `ps`. */
function processes() {
  try {
    const lines = execFileSync('ps', ['-eo', 'pid=,ppid=,args='], { encoding: 'utf8' }).trim().split('\n')
    return lines.map((line) => /^\s*(\d+)\s+(\d+)\s(.*)$/.exec(line)).map(([, pid, parent, args]) => ({ pid: +pid, parent: +parent, args }))
  } catch {
    return []
  }
}
const below = (pid, all) => all.filter((p) => p.parent === pid && !p.args.startsWith('ps ')).flatMap((p) => [p, ...below(p.pid, all)])

function kill(pid) {
  try {
    process.kill(pid, 'SIGKILL')
  } catch {
    // It has ended meanwhile.
  }
}

module.exports = Stuck
