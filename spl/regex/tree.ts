import type { CodeSet } from './set'

export type Greed = 'greedy' | 'lazy' | 'possessive'
/** A place between characters, named by what PCRE2 writes for it. */
export type Place = 'start' | 'line start' | 'end' | 'line end' | 'very end' | 'word border' | 'no word border'

/** A pattern as a tree. `caseless` and the sets already say what the flags in force at that place mean. */
export type Node =
  | { readonly kind: 'character'; readonly code: number; readonly caseless: boolean }
  | { readonly kind: 'set'; readonly set: CodeSet }
  | { readonly kind: 'newline' }
  | { readonly kind: 'place'; readonly place: Place }
  | { readonly kind: 'sequence'; readonly items: readonly Node[] }
  | { readonly kind: 'choice'; readonly branches: readonly Node[] }
  | Repeat
  | { readonly kind: 'group'; readonly body: Node; readonly number: number }
  | { readonly kind: 'atomic'; readonly body: Node }
  | Look
  | Back

export interface Repeat {
  readonly kind: 'repeat'
  readonly body: Node
  readonly least: number
  readonly most: number
  readonly greed: Greed
}
export interface Look {
  readonly kind: 'look'
  readonly body: Node
  readonly behind: boolean
  readonly negative: boolean
  readonly at: number
}
export interface Back {
  readonly kind: 'back'
  readonly to: number | string
  readonly caseless: boolean
  readonly at: number
}

export const EMPTY: Node = { kind: 'sequence', items: [] }

export interface Tree {
  readonly root: Node
  readonly groups: number
  /** Names in order of appearance, each with its groups (several only under `(?J)`). */
  readonly names: ReadonlyMap<string, readonly number[]>
}

export function parts(node: Node): readonly Node[] {
  switch (node.kind) {
    case 'sequence':
      return node.items
    case 'choice':
      return node.branches
    case 'repeat':
    case 'group':
    case 'atomic':
    case 'look':
      return [node.body]
    default:
      return []
  }
}

export function* walk(node: Node): Generator<Node> {
  yield node
  for (const part of parts(node)) yield* walk(part)
}

/** Fewest and most characters that a node can take; `of` answers for back references. */
export function extent(node: Node, of: (back: Back) => [number, number]): [number, number] {
  switch (node.kind) {
    case 'character':
    case 'set':
      return [1, 1]
    case 'newline':
      return [1, 2]
    case 'place':
    case 'look':
      return [0, 0]
    case 'back':
      return of(node)
    case 'group':
    case 'atomic':
      return extent(node.body, of)
    case 'repeat': {
      const [least, most] = extent(node.body, of)
      return [least * node.least, most === 0 || node.most === 0 ? 0 : most * node.most]
    }
    case 'choice': {
      const all = node.branches.map((b) => extent(b, of))
      return [Math.min(...all.map((e) => e[0])), Math.max(...all.map((e) => e[1]))]
    }
    case 'sequence':
      return node.items.reduce<[number, number]>(
        (sum, item) => {
          const [least, most] = extent(item, of)
          return [sum[0] + least, sum[1] + most]
        },
        [0, 0],
      )
  }
}
