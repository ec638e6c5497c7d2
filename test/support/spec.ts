import { loadLanguage } from '../../search/load-language'
import { loadCases, type SpecCase } from './spec-case'
import { difference, type Outcome, otherWords, PAIRS, PRODUCT, runCase, type Setting, settingText } from './spec-run'
import { CaseStores } from './spec-store'
import { waitsFor } from './spec-waits'

export interface CaseResult {
  readonly case: SpecCase
  /** Undefined when it passed. */
  readonly failure?: string
  readonly otherWords: boolean
  /** Settings that did something in it. */
  readonly changed: readonly string[]
}

/** Runs a case in every setting and names the first one that differs. */
export async function checkCase(c: SpecCase, full: boolean): Promise<CaseResult> {
  const stores = new CaseStores()
  try {
    const settings = full ? PRODUCT : PAIRS
    const outcomes: Outcome[] = []
    for (const s of c.given?.events ? settings : withoutStorage(settings)) {
      const o = await runCase(c, s, loadLanguage(), stores)
      outcomes.push(o)
      const wrong = difference(c, o)
      if (wrong) return { case: c, failure: `[${settingText(s)}] ${wrong}`, otherWords: false, changed: [] }
    }
    return { case: c, otherWords: otherWords(c, outcomes[0]!), changed: changes(c, outcomes) }
  } finally {
    await stores.close()
  }
}

/** A case without events has no storage to differ in. */
const withoutStorage = (settings: readonly Setting[]) =>
  settings.filter(
    (s, i) => settings.findIndex((t) => t.batchRows === s.batchRows && t.optimize === s.optimize && t.tasks === s.tasks) === i,
  )

function changes(c: SpecCase, outcomes: readonly Outcome[]): string[] {
  const changed: string[] = []
  if (new Set(outcomes.map((o) => o.batches.reduce((a, b) => a + b, 0))).size > 1) changed.push('batch size')
  if (new Set(outcomes.map((o) => o.plan)).size > 1) changed.push('optimizer')
  if (outcomes.some((o) => o.batches.filter((n) => n > 0).length > 1)) changed.push('tasks')
  if ((c.given?.events?.length ?? 0) > 1) changed.push('storage')
  return changed
}

/** The cases of the paths, and those of them that wait, with what they wait for. */
export function selectCases(paths: readonly string[]): {
  readonly ready: readonly SpecCase[]
  readonly waiting: ReadonlyMap<string, number>
  readonly held: readonly SpecCase[]
} {
  const ready: SpecCase[] = []
  const held: SpecCase[] = []
  const waiting = new Map<string, number>()
  for (const c of paths.flatMap(loadCases)) {
    const missing = waitsFor(c, loadLanguage())
    if (missing.length === 0) ready.push(c)
    else held.push(c)
    for (const m of missing) waiting.set(m, (waiting.get(m) ?? 0) + 1)
  }
  return { ready, waiting, held }
}

/** Lines that sum a run up: what waits, and what the settings did. */
export function summary(results: readonly CaseResult[], waiting: ReadonlyMap<string, number>, held: number): string[] {
  const lines: string[] = []
  if (held > 0)
    lines.push(
      `${held} cases wait for: ${[...waiting]
        .sort((a, b) => b[1] - a[1])
        .map(([name, n]) => `${name} ${n}`)
        .join(', ')}`,
    )
  const count = (name: string) => results.filter((r) => r.changed.includes(name)).length
  lines.push(
    `settings that changed something: ${['batch size', 'optimizer', 'tasks', 'storage'].map((n) => `${n} in ${count(n)}`).join(', ')} cases`,
  )
  const words = results.filter((r) => r.otherWords)
  if (words.length > 0) lines.push(`${words.length} refusals pass in other words than the case's`)
  return lines
}
