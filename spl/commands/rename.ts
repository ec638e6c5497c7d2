import { type Batch, renamed } from '../batch/batch'
import { beforeRename } from '../batch/demand'
import { type ArgumentReader, FIELD } from '../syntax/arguments'
import { command } from '../syntax/command'
import { list, own, refusal } from '../syntax/shapes'
import { fail, problem } from '../text/problems'
import { fieldWildcard } from '../values/field-pattern'
import { fillWildcard, hasWildcard } from '../values/wildcard'

interface Pair {
  readonly from: string
  readonly to: string
}

const USAGE = 'Usage: rename [old_name AS/TO/-> new_name]+.'

export default command({
  name: 'rename',
  summary: 'Gives fields other names; every pair sees the names as they were before.',
  source: 'Search Reference 9.x, rename',
  kind: 'distributable streaming',
  syntax: { pairs: list(own<Pair>('<wc-field> AS <wc-field>', 'old_name AS new_name', readPair)) },
  missing: { pairs: USAGE },
  check({ pairs }) {
    const known = new Set<string>()
    for (const { from, to } of pairs) {
      if (known.has(from)) throw fail('field-twice', { command: 'rename', field: from })
      known.add(from)
      if (stars(from) !== stars(to)) throw refusal('rename', `Wildcard mismatch: '${from}' as '${to}'.`)
    }
  },
  needs: ({ pairs }, after) =>
    beforeRename(
      after,
      pairs.map((p) => [p.from, p.to]),
    ),
  map({ pairs }, context) {
    const targets = pairs.map((p) => p.to)
    for (const to of new Set(targets.filter((t, i) => targets.indexOf(t) !== i))) context.report(problem('rename-several', { field: to }))
    const names = new Renaming(pairs)
    return (batch) =>
      renamed(
        batch,
        (name) => names.source(name, batch),
        (base) => names.list(base),
      )
  },
  examples: ['rename src AS source', 'rename count AS "Count of Events", user AS User', 'rename EU* AS EMEA*'],
})

const stars = (name: string) => name.split('*').length - 1

/** pair := field ("AS" | "TO" | "->") field */
function readPair(r: ArgumentReader): Pair {
  const from = r.word(FIELD)
  r.skipBlanks()
  if (!from || from.text === '' || !(r.takeWord('AS') || r.takeWord('TO') || r.match(/->/y))) throw r.refuse(USAGE, from?.span)
  const to = r.word(FIELD)
  if (!to || to.text === '') throw r.refuse(USAGE, from.span)
  return { from: from.text, to: to.text }
}

/** Which column stands under which name. */
class Renaming {
  /** Of two sources for one target the last wins. */
  private readonly plain: ReadonlyMap<string, string>
  private readonly gone: ReadonlySet<string>
  private readonly patterns: readonly (Pair & {
    readonly source: ReturnType<typeof fieldWildcard>
    readonly target: ReturnType<typeof fieldWildcard>
  })[]

  constructor(pairs: readonly Pair[]) {
    const plain = pairs.filter((p) => !hasWildcard(p.from))
    this.plain = new Map(plain.map((p) => [p.to, p.from]))
    this.gone = new Set(plain.map((p) => p.from))
    this.patterns = pairs
      .filter((p) => hasWildcard(p.from))
      .map((p) => ({ ...p, source: fieldWildcard(p.from), target: fieldWildcard(p.to) }))
      .reverse()
  }

  /**
   * The name below. A target is what its source is, null where that is missing, even if the target had values: so a target is lost whose
   * source exists nowhere. For a wildcard that is decided batch by batch, since only the names that are there can match.
   */
  source(name: string, base: Batch): string | undefined {
    const plain = this.plain.get(name)
    if (plain !== undefined) return plain
    if (this.gone.has(name)) return undefined
    for (const p of this.patterns) {
      const captures = p.target.captures(name)
      const from = captures && fillWildcard(p.from, captures)
      if (from !== undefined && !this.gone.has(from) && base.column(from)) return from
    }
    return this.isSource(name) ? undefined : name
  }

  /** A renamed field keeps its place. */
  list(base: Batch): readonly string[] {
    const names = base.names()
    const made = new Set(names.flatMap((n) => this.targets(n)))
    return [...new Set(names.flatMap((n) => (this.isSource(n) ? this.targets(n) : made.has(n) || this.plain.has(n) ? [] : [n])))]
  }

  private isSource(name: string): boolean {
    return this.gone.has(name) || this.patterns.some((p) => p.source.test(name))
  }

  /** The names that a source gets: none when a later pair took its target. */
  private targets(name: string): string[] {
    if (this.gone.has(name)) return [...this.plain].flatMap(([to, from]) => (from === name ? [to] : []))
    const p = this.patterns.find((q) => q.source.test(name))
    return p ? [fillWildcard(p.to, p.source.captures(name)!)] : []
  }
}
