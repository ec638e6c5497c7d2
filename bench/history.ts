import { spawnSync } from 'node:child_process'
import { appendFileSync, existsSync, readFileSync } from 'node:fs'
import { cpus } from 'node:os'
import { join } from 'node:path'
import type { Result } from './measure'

/** One run of the bench that was kept. */
export interface Entry {
  readonly commit: string
  readonly date: string
  readonly node: string
  readonly cpu: string
  readonly size: number
  readonly results: readonly Result[]
}

const fileOf = (root: string) => join(root, 'bench', 'history.ndjson')

export function entryOf(root: string, size: number, results: readonly Result[]): Entry {
  const git = (...args: string[]) => spawnSync('git', args, { cwd: root, encoding: 'utf8' }).stdout?.trim() ?? ''
  const dirty = git('status', '--porcelain', '--untracked-files=no') === '' ? '' : '+'
  const cores = cpus()
  return {
    commit: git('rev-parse', '--short', 'HEAD') + dirty,
    date: new Date().toISOString(),
    node: process.version,
    cpu: `${cores.length} × ${cores[0]?.model ?? 'unknown'}`,
    size,
    results,
  }
}

export const keep = (root: string, entry: Entry): void => appendFileSync(fileOf(root), `${JSON.stringify(entry)}\n`)

/** The last kept run of the same size. */
export function lastKept(root: string, size: number): Entry | undefined {
  if (!existsSync(fileOf(root))) return undefined
  const entries = readFileSync(fileOf(root), 'utf8')
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Entry)
  return entries.findLast((e) => e.size === size)
}

/** Each ratio against that of an older run. Times alone are not compared: another day is another machine. */
export function compared(now: readonly Result[], then: Entry): string {
  const before = new Map<string, number>(
    then.results.flatMap((r) => r.ratios.map((ratio) => [`${r.row}: ${ratio.over}`, ratio.value] as const)),
  )
  const lines = now.flatMap((r) =>
    r.ratios.flatMap((ratio) => {
      const key = `${r.row}: ${ratio.over}`
      const old = before.get(key)
      return old === undefined ? [] : [`  ${(ratio.value / old).toFixed(2)}×  ${key}`]
    }),
  )
  return [`Ratios against those of ${then.commit} (${then.date.slice(0, 10)}, Node ${then.node}); above 1 is better:`, ...lines].join('\n')
}
