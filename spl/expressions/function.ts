import type { Regex } from '../regex/regex'
import type { Expression, StaticType } from './expression'
import type { Compiled, Frame, Scalar } from './compiled'

/** What a parameter takes; `coerce` gives undefined where the value does not fit, which makes the call null. */
export interface Param<T> {
  readonly shape: string
  /** Literal types that are refused before the search runs (`len(5)`, `sqrt("x")`, `upper(null())`). */
  readonly refuses: readonly StaticType[]
  /** Whether the value may be missing from the call. */
  readonly optional: boolean
  /** Whether it stands for any number of values. */
  readonly rest: boolean
  readonly fallback?: T
  /** What `coerce` is given: the number (NaN when it is none), the value with numbers as text, or the value as it is. */
  readonly takes: 'number' | 'text' | 'raw'
  coerce(value: Scalar, number: number): T | undefined
}
type ParamValue<P> = P extends Param<infer T> ? T : never
export type ParamValues<P extends readonly Param<unknown>[]> = { -readonly [K in keyof P]: ParamValue<P[K]> }

/**
 * How the decimal place of a result follows from those of the arguments: `least` significant digits, `decimals` (the least),
 * `as-first` argument's, `exact`, or computed. @source Search Reference, eval, examples of precision
 */
export type Digits = 'least' | 'decimals' | 'as-first' | 'exact' | ((result: number, args: readonly Scalar[], places: readonly number[]) => number)

interface Described {
  readonly name: string
  readonly aliases?: readonly string[]
  readonly summary: string
  readonly source: string
  /** Text of a call, and the text of its result (null: no value). Run by the contract test. */
  readonly examples: readonly (readonly [call: string, result: string | null | readonly string[]])[]
  readonly returns: StaticType
  /** False when two calls with the same arguments may differ (random, time) or depend on the row as a whole. */
  readonly pure?: boolean
}

/** A function of values. Nulls make it null before `call` runs, unless `nulls: 'pass'`; multivalues are null where the parameter takes one value. */
export interface PlainFunction<P extends readonly Param<unknown>[]> extends Described {
  readonly params: P
  readonly nulls?: 'pass'
  readonly digits?: Digits
  readonly call: (...args: ParamValues<P>) => Scalar
}

/** A function that decides itself which of its arguments to evaluate (if, case, coalesce), or binds a field (mvmap). */
export interface LazyFunction extends Described {
  readonly usage: string
  /** Whether so many arguments of these static types are acceptable. */
  accepts(args: readonly Expression[], types: readonly StaticType[]): boolean
  /** The static type, where it follows from the arguments. */
  typed?(types: readonly StaticType[]): StaticType
  readonly call: (args: readonly Compiled[], frame: Frame, nodes: readonly Expression[]) => Scalar
}

/** What the rest of the program sees of a function. */
export interface EvalFunction extends Described {
  readonly kind: 'function'
  readonly usage: string
  readonly params: readonly Param<unknown>[] | undefined
  readonly nulls: boolean
  readonly digits: Digits
  accepts(args: readonly Expression[], types: readonly StaticType[]): boolean
  typed(types: readonly StaticType[]): StaticType
  readonly plain: ((...args: never[]) => Scalar) | undefined
  readonly lazy: LazyFunction['call'] | undefined
}

/** A function of values, typed by its parameters. */
export function evalFunction<const P extends readonly Param<unknown>[]>(d: PlainFunction<P>): EvalFunction {
  const params = d.params as readonly Param<unknown>[]
  return {
    ...d,
    kind: 'function',
    usage: `${d.name}(${params.map((p) => (p.optional ? `[${p.shape}]` : p.rest ? `${p.shape}...` : p.shape)).join(', ')})`,
    params,
    nulls: d.nulls === 'pass',
    digits: d.digits ?? 'least',
    accepts: (_args, types) => fits(params, types),
    typed: () => d.returns,
    plain: d.call as unknown as (...args: never[]) => Scalar,
    lazy: undefined,
  }
}

/** A function that chooses what to evaluate. */
export function lazyFunction(d: LazyFunction): EvalFunction {
  return {
    ...d,
    kind: 'function',
    params: undefined,
    nulls: true,
    digits: 'exact',
    accepts: d.accepts,
    typed: (types) => d.typed?.(types) ?? d.returns,
    plain: undefined,
    lazy: d.call,
  }
}

function fits(params: readonly Param<unknown>[], types: readonly StaticType[]): boolean {
  const least = params.filter((p) => !p.optional && !p.rest).length
  const rest = params.at(-1)?.rest ? params.at(-1) : undefined
  if (types.length < least || (!rest && types.length > params.length)) return false
  return types.every((t, i) => !(params[i] ?? rest)!.refuses.includes(t))
}

const param = <T>(shape: string, takes: Param<T>['takes'], refuses: readonly StaticType[], coerce: Param<T>['coerce']): Param<T> => ({
  shape,
  takes,
  refuses,
  coerce,
  optional: false,
  rest: false,
})

/** A number: numeric text counts. */
export const number: Param<number> = param('num', 'number', ['text', 'boolean', 'null'], (_v, x) => (x === x ? x : undefined))
/** A whole number; a fraction is cut off. */
export const integer: Param<number> = param('int', 'number', ['text', 'boolean', 'null'], (_v, x) => (x === x ? Math.trunc(x) : undefined))
/** One text; a number field gives its text. */
export const text: Param<string> = param('str', 'text', ['number', 'boolean', 'null'], (v) => (typeof v === 'string' ? v : undefined))
/** A text that is allowed to be written as a number. */
export const loose: Param<string> = param('str', 'text', ['boolean', 'null'], (v) => (typeof v === 'string' ? v : undefined))
/** All texts of a value: a multivalue's, or the one. */
export const texts: Param<readonly string[]> = param('mv', 'text', ['boolean', 'null'], (v) => (Array.isArray(v) ? (v as readonly string[]) : typeof v === 'string' ? [v] : undefined))
export const truth: Param<boolean> = param('bool', 'raw', ['number', 'text', 'null'], (v) => (typeof v === 'boolean' ? v : undefined))
export const any: Param<Scalar> = param('any', 'raw', [], (v) => v)

/** A pattern: compiled once for a literal, else per text. */
export function pattern(compile: (text: string) => Regex): Param<Regex> {
  return param('regex', 'text', ['number', 'boolean', 'null'], (v) => (typeof v === 'string' ? compile(v) : undefined))
}

export const maybe = <T, const D>(p: Param<T>, fallback: D): Param<T | D> => ({ ...p, optional: true, fallback }) as Param<T | D>
/** Any number of values, none included; the call receives one list. */
export const rest = <T>(p: Param<T>): Param<readonly T[]> => ({ ...p, rest: true }) as unknown as Param<readonly T[]>
