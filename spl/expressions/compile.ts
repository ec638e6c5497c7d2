import type { Batch } from '../batch/batch'
import { type Column, placesAt, valueAt } from '../batch/column'
import type { Memo } from '../batch/dictionary'
import { EXACT, digitsOf, numberOf, numberText, placesFor, placesOf } from '../values/number'
import type { Compiled, EvaluationContext, Frame, Scalar } from './compiled'
import type { BinaryOperator, Expression, StaticType } from './expression'
import type { Digits, EvalFunction, Param } from './function'
import { type Arithmetic, type Comparison, compareValues, compute, likeTest, resultPlaces } from './operators'
import { checkExpression, type Functions } from './types'

/** A whole expression, ready to run over batches. */
export interface Program {
  readonly root: Compiled
  readonly type: StaticType
  readonly fields: readonly string[]
  readonly risky: boolean
  frame(batch: Batch): Frame
}

/** The names of an expression's fields get slots, so that a row reads its columns by number. */
class Slots {
  readonly names: string[] = []
  of(name: string): number {
    const known = this.names.indexOf(name)
    return known >= 0 ? known : this.names.push(name) - 1
  }
}

/**
 * Makes an expression ready to run. Called once per search and task.
 * @throws SplProblem: of phase `parse` for what the static check finds, of phase `setup` for a literal pattern that does not compile
 */
export function compileExpression(e: Expression, functions: Functions, context: EvaluationContext, who = 'EvalCommand'): Program {
  const slots = new Slots()
  const type = checkExpression(e, functions, who)
  const root = node(e, { functions, slots, context, who })
  return {
    root,
    type,
    fields: slots.names,
    risky: root.risky,
    frame: (batch) => ({ batch, row: 0, columns: slots.names.map((n) => batch.column(n)), places: EXACT, bound: undefined, context }),
  }
}

interface Scope {
  readonly functions: Functions
  readonly slots: Slots
  readonly context: EvaluationContext
  readonly who: string
}

function node(e: Expression, s: Scope): Compiled {
  if ('text' in e) return literal(e, e.text, EXACT)
  if ('number' in e) return literal(e, e.number, e.places)
  if ('field' in e) return field(e, e.field, s)
  if ('not' in e) return not(e, node(e.not, s))
  if ('negate' in e) return negate(e, node(e.negate, s))
  return 'call' in e ? memoised(callOf(e, s), s) : operator(e, e.op, node(e.left, s), node(e.right, s))
}

/** The forms that do not say how they give a number or a truth get them from the value. */
function compiled(of: readonly Compiled[], made: Pick<Compiled, 'node' | 'type' | 'value'> & Partial<Compiled>): Compiled {
  const { value } = made
  return {
    fields: [...new Set(of.flatMap((c) => c.fields))],
    pure: of.every((c) => c.pure),
    risky: of.some((c) => c.risky),
    number(f) {
      const v = value(f)
      if (typeof v === 'number') return v
      if (typeof v !== 'string') return Number.NaN
      f.places = placesOf(v)
      return numberOf(v)
    },
    truth: (f) => value(f) === true,
    ...made,
  }
}

function literal(e: Expression, v: string | number, places: number): Compiled {
  const number = typeof v === 'number' ? v : numberOf(v)
  const place = typeof v === 'number' ? places : placesOf(v)
  const give = (f: Frame) => {
    f.places = place
    return v
  }
  return compiled([], { node: e, type: typeof v === 'number' ? 'number' : 'text', value: give, number: (f) => ((f.places = place), number) })
}

function field(e: Expression, name: string, s: Scope): Compiled {
  const slot = s.slots.of(name)
  const value = (f: Frame): Scalar => {
    if (f.bound !== undefined && f.bound.field === name) return f.bound.value
    const c = f.columns[slot]
    if (c === undefined) return null
    if (c.kind === 'number' || c.kind === 'constant') return numberOrText(c, f)
    return valueAt(c, f.row)
  }
  const number = (f: Frame): number => {
    const c = f.columns[slot]
    if (c === undefined || (f.bound !== undefined && f.bound.field === name) || c.kind !== 'dictionary') return textNumber(value(f), f)
    const code = c.codes[f.row]!
    if (code < 0) return Number.NaN
    f.places = c.dictionary.places(code)
    return c.dictionary.number(code)
  }
  return compiled([], { node: e, type: 'any', fields: [name], value, number })
}

function numberOrText(c: Column & { kind: 'number' | 'constant' }, f: Frame): Scalar {
  if (c.kind === 'constant') {
    f.places = c.places
    return c.value
  }
  if (c.nulls?.[f.row]) return null
  f.places = placesAt(c, f.row)
  return c.numbers[f.row]!
}

function textNumber(v: Scalar, f: Frame): number {
  if (typeof v === 'number') return v
  if (typeof v !== 'string') return Number.NaN
  f.places = placesOf(v)
  return numberOf(v)
}

const not = (e: Expression, of: Compiled): Compiled => compiled([of], { node: e, type: 'boolean', value: (f) => !of.truth(f), truth: (f) => !of.truth(f) })

function negate(e: Expression, of: Compiled): Compiled {
  const number = (f: Frame) => -of.number(f)
  return compiled([of], { node: e, type: 'number', number, value: (f) => finite(number(f)) })
}

/** A result that is no number, or not finite, leaves the field unset. @source measured: `sqrt(-1)`, `1/0`, `ln(0)` */
const finite = (x: number): number | null => (Number.isFinite(x) ? x : null)

function operator(e: Expression, op: BinaryOperator, l: Compiled, r: Compiled): Compiled {
  switch (op) {
    case 'AND':
      return truthNode(e, [l, r], (f) => l.truth(f) && r.truth(f))
    case 'OR':
      return truthNode(e, [l, r], (f) => l.truth(f) || r.truth(f))
    case 'XOR':
      return truthNode(e, [l, r], (f) => l.truth(f) !== r.truth(f))
    case 'LIKE':
      return truthNode(e, [l, r], (f) => like(textIn(l, f), textIn(r, f)))
    case '.':
      return compiled([l, r], { node: e, type: 'text', value: (f) => concat(textIn(l, f), textIn(r, f)) })
    case '+':
      return plus(e, l, r)
    case '-':
    case '*':
    case '/':
    case '%':
      return arithmetic(e, op, l, r)
    default:
      return comparison(e, op, l, r)
  }
}

const truthNode = (e: Expression, of: readonly Compiled[], truth: (f: Frame) => boolean): Compiled => compiled(of, { node: e, type: 'boolean', value: truth, truth })

function like(value: Scalar, pattern: Scalar): boolean {
  if (typeof pattern !== 'string' || value === null) return false
  const test = likeTest(pattern)
  return typeof value === 'object' ? value.some(test) : test(String(value))
}

/** The value with a number as its text, rounded at its place. */
export function textIn(c: Compiled, f: Frame): Scalar {
  const v = c.value(f)
  return typeof v === 'number' ? numberText(v, f.places) : v
}

function concat(a: Scalar, b: Scalar): Scalar {
  if (a === null || b === null) return null
  const one = (v: Scalar) => (Array.isArray(v) ? v.join('\n') : String(v))
  return one(a) + one(b)
}

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

/** `+` adds numbers; a text literal on either side, or a field that is no number, makes it join texts. */
function plus(e: Expression, l: Compiled, r: Compiled): Compiled {
  const sum = arithmetic(e, '+', l, r)
  if (l.type === 'number' && r.type === 'number') return sum
  const join = (f: Frame) => concat(textIn(l, f), textIn(r, f))
  if (l.type === 'text' || r.type === 'text') return compiled([l, r], { node: e, type: 'text', value: join })
  if (l.type === 'number' || r.type === 'number') return { ...sum, type: 'any' }
  return compiled([l, r], {
    node: e,
    type: 'any',
    value: (f) => {
      const x = sum.number(f)
      return x === x ? x : join(f)
    },
  })
}

function comparison(e: Expression, op: Comparison, l: Compiled, r: Compiled): Compiled {
  const asText = l.type === 'text' || r.type === 'text'
  // A number on one side: the other side's number comes from its dictionary, without making texts.
  if (!asText && (l.type === 'number' || r.type === 'number')) {
    return truthNode(e, [l, r], (f) => {
      const x = l.number(f)
      const y = r.number(f)
      return x === x && y === y ? compareValues(op, x, y, false) : compareValues(op, l.value(f), r.value(f), false)
    })
  }
  return truthNode(e, [l, r], (f) => compareValues(op, l.value(f), r.value(f), asText))
}

function callOf(e: Expression & { call: string; args: readonly Expression[] }, s: Scope): Compiled {
  const f = s.functions.get(e.call)!
  const args = e.args.map((a) => node(a, s))
  const type = f.typed(args.map((a) => a.type))
  const of = { node: e, type, pure: f.pure !== false && args.every((a) => a.pure) }
  if (f.lazy) {
    const { lazy } = f
    return compiled(args, { ...of, value: (frame) => lazy(args, frame, e.args) })
  }
  const inputs = args.map((a, i) => input(a, f.params![Math.min(i, f.params!.length - 1)]!, s))
  return compiled(args, { ...of, risky: args.some((a) => a.risky) || inputs.some((i) => i.risky), value: plainCall(f, inputs) })
}

/** An argument as its parameter takes it. `scalar` and `places` are those of the last `get`. */
interface Input {
  readonly risky: boolean
  /** undefined: it does not fit. */
  get(f: Frame): unknown
  scalar: Scalar
  places: number
}

function input(c: Compiled, p: Param<unknown>, s: Scope): Input {
  const isPattern = p.shape === 'regex'
  const made: Input = { risky: isPattern, get: (f) => take(c, p, f, made), scalar: null, places: EXACT }
  if (!('text' in c.node || 'number' in c.node)) return made
  // A literal is coerced once: that is also where a pattern that does not compile is found.
  const value = take(c, p, { batch: undefined as never, row: 0, columns: [], places: EXACT, bound: undefined, context: s.context }, made)
  return { ...made, risky: isPattern && (value as { readonly risky: boolean }).risky, get: () => value }
}

function take(c: Compiled, p: Param<unknown>, f: Frame, into: Input): unknown {
  f.places = EXACT
  if (p.takes === 'number') {
    const x = c.number(f)
    into.scalar = x === x ? x : null
    into.places = f.places
    return p.coerce(null, x)
  }
  const v = p.takes === 'text' ? textIn(c, f) : c.value(f)
  into.scalar = v
  into.places = typeof v === 'number' ? f.places : typeof v === 'string' ? placesOf(v) : EXACT
  return v === null && p.takes === 'text' ? undefined : p.coerce(v, Number.NaN)
}

function plainCall(f: EvalFunction, inputs: readonly Input[]): (frame: Frame) => Scalar {
  const run = f.plain as (...args: unknown[]) => Scalar
  const params = f.params!
  const restAt = params.at(-1)?.rest ? params.length - 1 : -1
  const fixed = restAt < 0 ? params.length : restAt
  const missing = (v: unknown) => !f.nulls && (v === undefined || v === null)
  return (frame) => {
    const args: unknown[] = []
    for (let i = 0; i < fixed; i++) {
      const given = inputs[i]
      const v = given ? given.get(frame) : params[i]!.fallback
      if (given && missing(v)) return null
      args.push(v === undefined ? null : v)
    }
    if (restAt >= 0) {
      const list: unknown[] = inputs.slice(restAt).map((i) => i.get(frame))
      if (list.some(missing)) return null
      args.push(list.map((v) => (v === undefined ? null : v)))
    }
    const result = run(...args)
    if (typeof result !== 'number') return result
    frame.places = placesOfResult(f.digits, result, inputs)
    return finite(result)
  }
}

function placesOfResult(digits: Digits, result: number, inputs: readonly Input[]): number {
  if (digits === 'exact') return EXACT
  if (typeof digits === 'function') return digits(result, inputs.map((i) => i.scalar), inputs.map((i) => i.places))
  if (digits === 'as-first') return inputs[0]?.places ?? EXACT
  let least = EXACT
  let significant = Number.POSITIVE_INFINITY
  for (const i of inputs) {
    if (i.places === EXACT) continue
    least = Math.min(least, i.places)
    const x = typeof i.scalar === 'number' ? i.scalar : numberOf(String(i.scalar))
    significant = Math.min(significant, digitsOf(x, i.places))
  }
  return digits === 'decimals' ? least : placesFor(result, significant)
}

/** A pure call over one field: once per text of its dictionary, whatever the number of rows. */
function memoised(c: Compiled, s: Scope): Compiled {
  if (!c.pure || c.fields.length !== 1) return c
  const name = c.fields[0]!
  const slot = s.slots.of(name)
  const key = {}
  const frame: Frame = { batch: undefined as never, row: 0, columns: [], places: EXACT, bound: undefined, context: s.context }
  let last: { readonly column: Column; readonly memo: Memo<readonly [Scalar, number]> } | undefined
  const at = (f: Frame): readonly [Scalar, number] | undefined => {
    const column = f.columns[slot]
    if (column?.kind !== 'dictionary' || f.bound !== undefined) return undefined
    const code = column.codes[f.row]!
    if (code < 0) return undefined
    if (last?.column !== column) {
      const { dictionary } = column
      // Evaluated on a column of one row that holds the code; all other slots belong to no field of this call.
      const make = (k: number): readonly [Scalar, number] => {
        frame.columns = s.slots.names.map((_n, i) => (i === slot ? { kind: 'dictionary', codes: Int32Array.of(k), dictionary } : undefined))
        frame.places = EXACT
        const v = c.value(frame)
        return [v, frame.places]
      }
      last = { column, memo: dictionary.memo(key, make) }
    }
    return last.memo.values[code] ?? last.memo.at(code)
  }
  const value = (f: Frame): Scalar => {
    const found = at(f)
    if (!found) return c.value(f)
    f.places = found[1]
    return found[0]
  }
  return compiled([c], { node: c.node, type: c.type, value })
}
