import { foldSet } from './fold'
import { type CodeSet, EVERY, NONE, overlaps, union, VERTICAL } from './set'
import { extent, type Node, type Repeat, walk } from './tree'

/** Rounds from which a bounded repeat counts as one without end. */
const MANY = 10

/**
 * Whether a pattern may take time that grows faster than with the text's length times its own: a repeat in a repeat, a repeated choice
 * whose branches begin alike, two long repeats that can take the same characters with nothing between that parts them, or a
 * back reference beside a repeat. Errs to yes: that costs one guarded call for a batch, a wrong no costs a search.
 */
export function isRisky(root: Node): boolean {
  let repeats = false
  let back = false
  for (const node of walk(root)) {
    if (node.kind === 'back') back = true
    if (node.kind !== 'repeat' || node.most < MANY) continue
    repeats = true
    if (isAmbiguous(node.body)) return true
  }
  return (back && repeats) || new Chains().after(root, [NONE]).some((open) => open === TWICE)
}

/** Whether one text may be cut into rounds of this body in several ways. */
function isAmbiguous(body: Node): boolean {
  for (const node of walk(body)) {
    if (node.kind === 'repeat' && node.least !== node.most) return true
    if (node.kind === 'choice' && beginAlike(node.branches)) return true
  }
  return false
}

function beginAlike(branches: readonly Node[]): boolean {
  const seen: CodeSet[] = []
  for (const branch of branches) {
    const first = firsts(branch)
    if (isEmpty(branch) || seen.some((other) => overlaps(other, first))) return true
    seen.push(first)
  }
  return false
}

const isEmpty = (node: Node) => extent(node, () => [0, 0])[0] === 0

/** Characters that a match of the node can begin with. */
function firsts(node: Node): CodeSet {
  switch (node.kind) {
    case 'character':
      return node.caseless ? foldSet([node.code, node.code]) : [node.code, node.code]
    case 'set':
      return node.set
    case 'newline':
      return VERTICAL
    case 'place':
    case 'look':
      return NONE
    case 'back':
      return EVERY
    case 'group':
    case 'atomic':
    case 'repeat':
      return firsts(node.body)
    case 'choice':
      return union(...node.branches.map(firsts))
    case 'sequence': {
      const end = node.items.findIndex((item) => !isEmpty(item))
      return union(...node.items.slice(0, end < 0 ? undefined : end + 1).map(firsts))
    }
  }
}

const TWICE: CodeSet = [-1, -1]

/**
 * Follows the ways through a pattern. A way carries what the last long repeat on it can take, while nothing has parted it from what
 * follows; TWICE once a second such repeat has begun that can take the same.
 */
class Chains {
  after(node: Node, ways: readonly CodeSet[]): readonly CodeSet[] {
    switch (node.kind) {
      case 'sequence':
        return node.items.reduce((now, item) => this.after(item, now), ways)
      case 'choice':
        return distinct(node.branches.flatMap((branch) => this.after(branch, ways)))
      case 'group':
      case 'atomic':
        return this.after(node.body, ways)
      case 'look':
        return distinct([...ways, ...this.after(node.body, ways)])
      case 'repeat':
        return this.repeat(node, ways)
      case 'character':
      case 'set':
      case 'newline':
        return ways.map((open) => (open === TWICE || overlaps(open, firsts(node)) ? open : NONE))
      default:
        return ways
    }
  }

  private repeat(node: Repeat, ways: readonly CodeSet[]): readonly CodeSet[] {
    const through = this.after(node.body, ways)
    if (node.most < MANY) return node.least > 0 ? through : distinct([...ways, ...through])
    const takes = union(...[...walk(node.body)].map((inner) => (inner.kind === 'character' || inner.kind === 'set' ? firsts(inner) : NONE)))
    const more = ways.map((open) => (open === TWICE || overlaps(open, takes) ? TWICE : takes))
    return node.least > 0 ? distinct(more) : distinct([...ways, ...more])
  }
}

const distinct = (ways: readonly CodeSet[]) => [...new Map(ways.map((way) => [way.join(), way])).values()]
