import type { Batch } from '../batch/batch'
import { valueAt } from '../batch/column'
import { EXACT, numberOf, placesOf } from '../values/number'
import { boundValue } from './bound'
import { compileCall } from './call'
import { type Compiled, compiled, type EvaluationContext, type Frame, finite, numberIn, type Scalar, textIn } from './compiled'
import { type BinaryOperator, chain, type Expression, type StaticType } from './expression'
import { keepable, memoised } from './memo'
import { type Arithmetic, type Comparison, compareValues, compute, likeTest, resultPlaces } from './operators'
import { checkExpression, type Functions } from './types'

/** A whole expression, ready to run over batches. */
export interface Program {
  /** Evaluates parts that depend on one field once per text of its dictionary. */
  readonly root: Compiled
  /** The same without keeping what the whole gives: for who keeps it himself. */
  readonly direct: Compiled
  readonly type: StaticType
  readonly fields: readonly string[]
  readonly risky: boolean
  frame(batch: Batch): Frame
}

interface Scope {
  readonly functions: Functions
  /** Names of the fields, by slot, so that a row reads its columns by number. */
  readonly slots: string[]
  readonly context: EvaluationContext
  readonly who: string
}

/**
 * Makes an expression ready to run. Called once per search and task.
 * @throws SplProblem: of phase `parse` for what the static check finds, of phase `setup` for a literal pattern that does not compile
 */
export function compileExpression(e: Expression, functions: Functions, context: EvaluationContext, who = 'EvalCommand'): Program {
  const slots: string[] = []
  const type = checkExpression(e, functions, who)
  const direct = node(e, { functions, slots, context, who })
  const root = memoised(direct, slots, context)
  return {
    root,
    direct,
    type,
    fields: slots,
    risky: root.risky,
    frame: (batch) => ({ batch, row: 0, slots, columns: slots.map((n) => batch.column(n)), places: EXACT, bound: undefined, context }),
  }
}

function node(e: Expression, s: Scope): Compiled {
  if ('text' in e) return literal(e, e.text, EXACT)
  if ('number' in e) return literal(e, e.number, e.places)
  if ('field' in e) return field(e, e.field, s)
  if ('not' in e) return truthNode(e, operandsOf([e.not], true, s), (of) => (f) => !of[0]!.truth(f))
  if ('negate' in e) return negate(e, operandsOf([e.negate], true, s)[0]!)
  if ('op' in e) return operator(e, e.op, operandsOf(chain(e), true, s))
  const called = s.functions.get(e.call)!
  const args = operandsOf(e.args, called.pure !== false, s)
  return compileCall({ node: e, function: called, type: called.typed(args.map((a) => a.type)), args, context: s.context, who: s.who })
}

/** Operands, each kept by itself where the node above them cannot be kept as a whole. */
function operandsOf(of: readonly Expression[], pure: boolean, s: Scope): readonly Compiled[] {
  const made = of.map((e) => node(e, s))
  return keepable(made, pure) ? made : made.map((c) => memoised(c, s.slots, s.context))
}

function literal(e: Expression, v: string | number, places: number): Compiled {
  const number = typeof v === 'number' ? v : numberOf(v)
  const place = typeof v === 'number' ? places : placesOf(v)
  const give = (f: Frame) => {
    f.places = place
    return v
  }
  return compiled([], {
    node: e,
    type: typeof v === 'number' ? 'number' : 'text',
    value: give,
    number: (f) => {
      f.places = place
      return number
    },
  })
}

function field(e: Expression, name: string, s: Scope): Compiled {
  if (!s.slots.includes(name)) s.slots.push(name)
  const slot = s.slots.indexOf(name)
  const value = (f: Frame): Scalar => {
    const bound = f.bound && boundValue(f, name)
    if (bound !== undefined) return bound
    const c = f.columns[slot]
    if (c?.kind === 'constant') f.places = c.places
    if (c?.kind !== 'number') return valueAt(c, f.row)
    if (c.nulls?.[f.row]) return null
    f.places = c.places?.[f.row] ?? EXACT
    return c.numbers[f.row]!
  }
  const number = (f: Frame): number => {
    const c = f.columns[slot]
    if (c?.kind !== 'dictionary' || (f.bound && boundValue(f, name) !== undefined)) return numberIn(value(f), f)
    const code = c.codes[f.row]!
    if (code < 0) return Number.NaN
    f.places = c.dictionary.places(code)
    return c.dictionary.number(code)
  }
  return compiled([], { node: e, type: 'any', fields: [name], value, number })
}

function negate(e: Expression, of: Compiled): Compiled {
  const number = (f: Frame) => -of.number(f)
  return compiled([of], { node: e, type: 'number', number, value: (f) => finite(number(f)) })
}

function operator(e: Expression, op: BinaryOperator, of: readonly Compiled[]): Compiled {
  const [l, r] = [of[0]!, of[1]!]
  switch (op) {
    case 'AND':
      return truthNode(e, of, every)
    case 'OR':
      return truthNode(e, of, some)
    case 'XOR':
      return truthNode(e, of, () => (f) => l.truth(f) !== r.truth(f))
    case 'LIKE':
      return truthNode(e, of, () => (f) => isLike(textIn(l, f), textIn(r, f)))
    case '.':
      return compiled(of, { node: e, type: 'text', value: (f) => concat(textIn(l, f), textIn(r, f)) })
    case '+':
      return plus(e, l, r)
    case '-':
    case '*':
    case '/':
    case '%':
      return arithmetic(e, op, l, r)
    default:
      return truthNode(e, of, () => comparison(op, l, r))
  }
}

type Test = (f: Frame) => boolean

function truthNode(e: Expression, of: readonly Compiled[], make: (of: readonly Compiled[]) => Test): Compiled {
  const test = make(of)
  return compiled(of, { node: e, type: 'boolean', value: test, truth: test })
}

function every(of: readonly Compiled[]): Test {
  return (f) => {
    for (let i = 0; i < of.length; i++) if (!of[i]!.truth(f)) return false
    return true
  }
}
function some(of: readonly Compiled[]): Test {
  return (f) => {
    for (let i = 0; i < of.length; i++) if (of[i]!.truth(f)) return true
    return false
  }
}

/** `LIKE` and like(): false where either side is null; of a multivalue some value must fit. */
export function isLike(value: Scalar, pattern: Scalar): boolean {
  if (typeof pattern !== 'string' || value === null) return false
  const test = likeTest(pattern)
  return Array.isArray(value) ? value.some(test) : test(String(value))
}

function concat(a: Scalar, b: Scalar): Scalar {
  if (a === null || b === null) return null
  return joined(a) + joined(b)
}
const joined = (v: Scalar): string => (Array.isArray(v) ? v.join('\n') : v === true ? 'True' : v === false ? 'False' : String(v))

function arithmetic(e: Expression, op: Arithmetic, l: Compiled, r: Compiled): Compiled {
  const run = compute(op)
  const number = (f: Frame): number => {
    const x = l.number(f)
    const xPlaces = f.places
    const y = r.number(f)
    const yPlaces = f.places
    const result = run(x, y)
    f.places = xPlaces === EXACT && yPlaces === EXACT ? EXACT : resultPlaces(op, result, [x, xPlaces], [y, yPlaces])
    return Number.isFinite(result) ? result : Number.NaN
  }
  return compiled([l, r], { node: e, type: 'number', number, value: (f) => finite(number(f)) })
}

/** `+` adds numbers; a text on either side, or a field that is no number, makes it join texts. @source measured on 10.4 */
function plus(e: Expression, l: Compiled, r: Compiled): Compiled {
  const sum = arithmetic(e, '+', l, r)
  if (l.type === 'number' || r.type === 'number') return sum
  const join = (f: Frame) => concat(textIn(l, f), textIn(r, f))
  if (l.type === 'text' || r.type === 'text') return compiled([l, r], { node: e, type: 'text', value: join })
  return compiled([l, r], {
    node: e,
    type: 'any',
    value: (f) => {
      const x = sum.number(f)
      if (x === x) return x
      const texts = join(f)
      // Two numbers whose sum is past all bounds are no texts.
      return texts !== null && l.number(f) === l.number(f) && r.number(f) === r.number(f) ? null : texts
    },
  })
}

/** A text on one side makes it a comparison of texts; a number is compared as it prints. */
function comparison(op: Comparison, l: Compiled, r: Compiled): Test {
  if (l.type === 'text' || r.type === 'text') return (f) => compareValues(op, textIn(l, f), textIn(r, f), true)
  // Numbers first: a field's come from its dictionary, without making texts.
  return (f) => {
    const x = l.number(f)
    const y = r.number(f)
    return x === x && y === y ? compareValues(op, x, y, false) : compareValues(op, textIn(l, f), textIn(r, f), false)
  }
}
