import { RegexProblem } from '../regex/problem'
import { fail } from '../text/problems'
import { PathProblem } from '../values/json-path'
import { digitsOf, EXACT, numberOf, placesFor, placesOf } from '../values/number'
import { type Compiled, compiled, type EvaluationContext, type Frame, finite, type Scalar, textIn } from './compiled'
import type { Expression, StaticType } from './expression'
import type { Digits, EvalFunction, Param } from './function'

/** A call with its arguments ready. */
export interface Call {
  readonly node: Expression & { readonly args: readonly Expression[] }
  readonly function: EvalFunction
  readonly type: StaticType
  readonly args: readonly Compiled[]
  readonly context: EvaluationContext
  /** Who reports a literal argument that does not fit. */
  readonly who: string
}

/** @throws SplProblem of phase `setup` for a literal pattern or path that cannot be read */
export function compileCall(call: Call): Compiled {
  const { node, args, type } = call
  const f = call.function
  const of = { node, type, pure: f.pure !== false && args.every((a) => a.pure) }
  if (f.lazy) {
    const { lazy } = f
    return compiled(args, { ...of, value: (frame) => lazy(args, frame, node.args) })
  }
  const last = f.params!.length - 1
  const inputs = args.map((a, i) => input(a, f.params![Math.min(i, last)]!, call))
  return compiled(args, { ...of, risky: inputs.some((i) => i.risky), value: plainCall(f, inputs, node) })
}

/** An argument as its parameter takes it. `scalar` and `places` are those of the last `get`. */
interface Input {
  readonly risky: boolean
  /** undefined: it is missing or does not fit, and the whole call is null. */
  get(f: Frame): unknown
  scalar: Scalar
  places: number
}

function input(c: Compiled, p: Param<unknown>, call: Call): Input {
  if ('text' in c.node || 'number' in c.node) return literalInput(c, p, call)
  const made: Input = { risky: c.risky || p.shape === 'regex', get: (f) => fieldValue(made, c, p, f), scalar: null, places: EXACT }
  return made
}

/** A literal is coerced once: that is also where a pattern that does not compile is found. */
function literalInput(c: Compiled, p: Param<unknown>, call: Call): Input {
  const made = { scalar: null as Scalar, places: EXACT }
  const frame: Frame = { batch: undefined as never, row: 0, slots: [], columns: [], places: EXACT, bound: undefined, context: call.context }
  const value = literally(call.who, c.node, () => take(c, p, frame, made))
  const get = (f: Frame) => {
    f.places = made.places
    return value
  }
  return { ...made, risky: p.shape === 'regex' && (value as { readonly risky: boolean }).risky, get }
}

function literally<T>(who: string, node: Expression, coerce: () => T): T {
  try {
    return coerce()
  } catch (e) {
    if (e instanceof RegexProblem && !e.supported)
      throw fail('not-supported-setup', { what: `regular expression: ${e.message}` }, node.span)
    if (e instanceof RegexProblem) throw fail('eval-regex', { who, text: e.message }, node.span)
    if (e instanceof PathProblem) throw fail('eval-path', { who, path: e.path }, node.span)
    throw e
  }
}

/** A pattern or path that comes from data and cannot be read makes the call null; one that we cannot run ends the search. */
function fieldValue(into: Input, c: Compiled, p: Param<unknown>, f: Frame): unknown {
  try {
    return take(c, p, f, into)
  } catch (e) {
    if (e instanceof RegexProblem && !e.supported)
      throw fail('not-supported-setup', { what: `regular expression: ${e.message}` }, c.node.span)
    if (e instanceof RegexProblem || e instanceof PathProblem) return undefined
    throw e
  }
}

function take(c: Compiled, p: Param<unknown>, f: Frame, into: Pick<Input, 'scalar' | 'places'>): unknown {
  f.places = EXACT
  if (p.takes === 'number') {
    const x = c.number(f)
    into.scalar = x === x ? x : null
    into.places = f.places
    return p.coerce(into.scalar)
  }
  const v = p.takes === 'text' ? textIn(c, f) : c.value(f)
  into.scalar = v
  into.places = typeof v === 'number' ? f.places : typeof v === 'string' ? placesOf(v) : EXACT
  return p.coerce(v)
}

function plainCall(f: EvalFunction, inputs: readonly Input[], node: Expression): (frame: Frame) => Scalar {
  const run = f.plain as (...args: unknown[]) => Scalar
  const gather = gatherer(f.params!, inputs)
  return (frame) => {
    const args = gather(frame)
    if (!args) return null
    const result = run(...args, frame, node)
    if (typeof result !== 'number') return result
    frame.places = placesOfResult(f.digits, result, inputs)
    return finite(result)
  }
}

/** The arguments of a row in the order of the parameters, those of a `rest` in one list; undefined where one is missing. */
function gatherer(params: readonly Param<unknown>[], inputs: readonly Input[]): (frame: Frame) => unknown[] | undefined {
  const fixed = params.at(-1)?.rest ? params.length - 1 : params.length
  const more = fixed < params.length ? inputs.slice(fixed) : undefined
  const given = inputs.slice(0, fixed)
  const fallbacks = params.slice(given.length, fixed).map((p) => p.fallback)
  return (frame) => {
    const args: unknown[] = []
    for (let i = 0; i < given.length; i++) {
      const v = given[i]!.get(frame)
      if (v === undefined) return undefined
      args.push(v)
    }
    args.push(...fallbacks)
    if (!more) return args
    const list = more.map((i) => i.get(frame))
    return list.includes(undefined) ? undefined : [...args, list]
  }
}

function placesOfResult(digits: Digits, result: number, inputs: readonly Input[]): number {
  if (digits === 'exact') return EXACT
  if (digits === 'as-first') return inputs[0]?.places ?? EXACT
  if (digits !== 'least') {
    const scalars = inputs.map((i) => i.scalar)
    return digits(
      result,
      scalars,
      inputs.map((i) => i.places),
    )
  }
  let significant = Number.POSITIVE_INFINITY
  for (const i of inputs) {
    if (i.places === EXACT) continue
    const x = typeof i.scalar === 'number' ? i.scalar : numberOf(String(i.scalar))
    significant = Math.min(significant, digitsOf(x, i.places))
  }
  return placesFor(result, significant)
}
