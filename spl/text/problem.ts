import type { Span } from './source'

/** `parse`: 400 and no job. `setup`: the job is made, then FAILED. `run`: met while the search ran. */
export type Phase = 'parse' | 'setup' | 'run'
export type Severity = 'fatal' | 'error' | 'warn' | 'info'

/** One thing to say about a search, with its place; spans refer to the typed text once `search/` has mapped them. */
export interface Problem {
  readonly code: string
  readonly phase: Phase
  readonly severity: Severity
  readonly message: string
  readonly span?: Span
  readonly hint?: string
}

/** Ends a search. Anything thrown that is not one of these is a bug. */
export class SplProblem extends Error {
  override readonly name = 'SplProblem'
  constructor(readonly problem: Problem) {
    super(problem.message)
  }
  get code() {
    return this.problem.code
  }
}

/** The same problem at a place, unless it has one. */
export function placed(p: Problem, at: Span | undefined): Problem {
  return p.span || !at ? p : { ...p, span: at }
}

/** Runs `job`; a problem without a place gets `at`. */
export function within<T>(at: Span | undefined, job: () => T): T {
  try {
    return job()
  } catch (e) {
    if (e instanceof SplProblem && !e.problem.span && at) throw new SplProblem(placed(e.problem, at))
    throw e
  }
}

/** The name nearest to a mistyped one, or nothing where none is near. */
export function nearest(word: string, names: Iterable<string>): string | undefined {
  let best: string | undefined
  let least = Math.max(1, Math.floor(word.length / 3)) + 1
  for (const name of names) {
    const d = distance(word.toLowerCase(), name.toLowerCase(), least)
    if (d < least) {
      least = d
      best = name
    }
  }
  return best
}

/** Edits between two words (insert, delete, replace, swap), or `limit` when there are that many or more. */
function distance(a: string, b: string, limit: number): number {
  if (Math.abs(a.length - b.length) >= limit) return limit
  let before: number[] = []
  let last = Array.from({ length: b.length + 1 }, (_, i) => i)
  for (let i = 1; i <= a.length; i++) {
    const row = [i]
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1]
      let d = Math.min(last[j]! + 1, row[j - 1]! + 1, last[j - 1]! + (same ? 0 : 1))
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) d = Math.min(d, before[j - 2]! + 1)
      row.push(d)
    }
    before = last
    last = row
  }
  return Math.min(limit, last[b.length]!)
}
