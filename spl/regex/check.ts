import { RegexProblem, unsupported } from './problem'
import { type Back, extent, type Look, type Node, parts, type Tree, walk } from './tree'

/** What is known of a group where a back reference stands: certainly set, certainly not (PCRE2 fails there), or either. */
export type Known = 'set' | 'unset' | 'either'
export interface Reference {
  readonly group: number
  readonly known: Known
}

/** Where a node stands: the repeats and lookbehinds around it, outermost first. */
interface Around {
  readonly loops: readonly Node[]
  readonly behind: Look | undefined
}

/**
 * Checks what needs the whole tree: references to groups, and lookbehinds.
 * JavaScript lets a reference to an unset group match nothing and forgets a group at each round of a repeat; PCRE2 fails and keeps.
 * A reference where this could show is refused.
 */
export function check(tree: Tree): ReadonlyMap<Back, Reference> {
  const checker = new Checker(tree)
  checker.visit(tree.root, { loops: [], behind: undefined }, new Set())
  return checker.references
}

class Checker {
  readonly references = new Map<Back, Reference>()
  private readonly bodies = new Map<number, Node>()
  private readonly places = new Map<number, Around>()
  private readonly opened = new Set<number>()
  private readonly open = new Set<number>()

  constructor(private readonly tree: Tree) {
    for (const node of walk(tree.root)) if (node.kind === 'group') this.bodies.set(node.number, node.body)
    this.place(tree.root, { loops: [], behind: undefined })
  }

  private place(node: Node, around: Around): void {
    if (node.kind === 'group') this.places.set(node.number, around)
    for (const part of parts(node)) this.place(part, inside(node, around))
  }

  /** @returns the groups that are certainly set behind the node, given those before it */
  visit(node: Node, around: Around, before: ReadonlySet<number>): ReadonlySet<number> {
    const within = inside(node, around)
    switch (node.kind) {
      case 'back':
        this.references.set(node, this.refer(node, around, before))
        return before
      case 'sequence':
        return node.items.reduce((known, item) => this.visit(item, within, known), before)
      case 'choice': {
        const ends = node.branches.map((branch) => this.visit(branch, within, before))
        return new Set([...ends[0]!].filter((n) => ends.every((e) => e.has(n))))
      }
      case 'repeat': {
        const after = this.visit(node.body, within, before)
        return node.least > 0 ? after : before
      }
      case 'group': {
        this.opened.add(node.number)
        this.open.add(node.number)
        const after = this.visit(node.body, within, before)
        this.open.delete(node.number)
        return new Set([...after, node.number])
      }
      case 'look': {
        if (node.behind) this.checkBehind(node)
        const after = this.visit(node.body, within, before)
        return node.negative ? before : after
      }
      case 'atomic':
        return this.visit(node.body, within, before)
      default:
        return before
    }
  }

  private numbered(back: Back): number {
    const numbers = typeof back.to === 'number' ? [back.to] : (this.tree.names.get(back.to) ?? [])
    if (numbers.length > 1) throw unsupported('a back reference to one of several groups with the same name', back.at)
    const number = numbers[0]
    if (number === undefined || number < 1 || number > this.tree.groups)
      throw new RegexProblem('reference to non-existent subpattern', back.at)
    return number
  }

  private refer(back: Back, around: Around, before: ReadonlySet<number>): Reference {
    const group = this.numbered(back)
    const place = this.places.get(group)!
    if (around.behind && place.behind === around.behind)
      throw unsupported('a back reference inside the lookbehind that sets its group', back.at)
    if (before.has(group)) return { group, known: 'set' }
    if (around.loops.some((loop) => place.loops.includes(loop)))
      throw unsupported('a back reference to a group of another round of a repeat', back.at)
    if (!this.opened.has(group) || this.open.has(group)) return { group, known: 'unset' }
    const least = extent(this.bodies.get(group)!, () => [0, 0])[0]
    if (place.loops.length > 0 || around.behind || least === 0)
      throw unsupported('a back reference to a group that may be unset or empty', back.at)
    return { group, known: 'either' }
  }

  private checkBehind(look: Look): void {
    const branches = look.body.kind === 'choice' ? look.body.branches : [look.body]
    const lengths = (back: Back): [number, number] => {
      const body = this.bodies.get(this.numbered(back))
      return body ? extent(body, () => [0, Number.POSITIVE_INFINITY]) : [0, 0]
    }
    for (const branch of branches) {
      const [least, most] = extent(branch, lengths)
      if (least !== most) throw new RegexProblem('lookbehind assertion is not fixed length', look.at)
    }
    for (const node of walk(look.body)) {
      if (node.kind === 'repeat' && node.most > 1 && [...walk(node.body)].some((n) => n.kind === 'group')) {
        // JavaScript reads a lookbehind from right to left, so that the first round would be kept, not the last.
        throw unsupported('a repeated group inside a lookbehind', look.at)
      }
    }
  }
}

function inside(node: Node, around: Around): Around {
  if (node.kind === 'repeat' && node.most > 1) return { ...around, loops: [...around.loops, node] }
  if (node.kind === 'look' && node.behind) return { ...around, behind: node }
  return around
}
