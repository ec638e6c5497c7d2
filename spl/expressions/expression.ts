import type { Span } from '../text/source'

export type BinaryOperator = '+' | '-' | '*' | '/' | '%' | '.' | '=' | '!=' | '<' | '<=' | '>' | '>=' | 'LIKE' | 'AND' | 'OR' | 'XOR'

/** An eval expression as plain data: every node has a place and an id that is unique in its search. */
export type Expression = { readonly id: number; readonly span: Span } & ExpressionKind
export type ExpressionKind =
  | { readonly text: string }
  /** A number literal; `places` is the decimal place that it is written with. */
  | { readonly number: number; readonly places: number }
  | { readonly field: string }
  | { readonly call: string; readonly args: readonly Expression[] }
  | { readonly op: BinaryOperator; readonly left: Expression; readonly right: Expression }
  | { readonly not: Expression }
  | { readonly negate: Expression }

/** The children of a node. */
export function operands(e: Expression): readonly Expression[] {
  if ('call' in e) return e.args
  if ('op' in e) return [e.left, e.right]
  if ('not' in e) return [e.not]
  return 'negate' in e ? [e.negate] : []
}

/** The operands of an operator: two, or all of a chain of ANDs or ORs, which may be long, so that who walks a tree does not nest as deep. */
export function chain(
  e: Expression & { readonly op: BinaryOperator; readonly left: Expression; readonly right: Expression },
): readonly Expression[] {
  if (e.op !== 'AND' && e.op !== 'OR') return [e.left, e.right]
  const parts: Expression[] = []
  let at: Expression = e
  while ('op' in at && at.op === e.op) {
    parts.push(at.right)
    at = at.left
  }
  return [at, ...parts.reverse()]
}

/** Names of the fields that an expression reads, in order of appearance. */
export function fieldsOf(e: Expression): string[] {
  const found = new Set<string>()
  const left: Expression[] = [e]
  for (let x = left.pop(); x; x = left.pop()) {
    if ('field' in x) found.add(x.field)
    left.push(...[...operands(x)].reverse())
  }
  return [...found]
}

/** What is known of a value before the first row. A field is `any` until the row arrives. */
export type StaticType = 'number' | 'text' | 'boolean' | 'null' | 'any'
