import { compileRegex, type Regex } from '../regex/regex'
import { type Path, readPath } from '../values/json-path'
import { numberOf } from '../values/number'
import { remembered } from '../values/time/memo'
import type { Compiled, Frame, Scalar } from './compiled'
import type { Expression, StaticType } from './expression'

/** What a parameter takes; `coerce` gives undefined where the value is missing or does not fit, which makes the call null. */
export interface Param<T> {
  readonly shape: string
  /** Static types that are refused before the search runs (`len(5)`, `sqrt("x")`, `upper(null())`). */
  readonly refuses: readonly StaticType[]
  /** Whether the value may be missing from the call. */
  readonly optional: boolean
  /** Whether it stands for any number of values. */
  readonly rest: boolean
  readonly fallback?: T
  /** What `coerce` is given: the number or null, the value with numbers as text, or the value as it is. */
  readonly takes: 'number' | 'text' | 'raw'
  coerce(value: Scalar): T | undefined
}
type ParamValue<P> = P extends Param<infer T> ? T : never
export type ParamValues<P extends readonly Param<unknown>[]> = { -readonly [K in keyof P]: ParamValue<P[K]> }

/**
 * How the decimal place of a number follows from those of the arguments: the `least` significant digits, the place `as-first` argument's,
 * `exact`, or computed from the result and the arguments. @source Search Reference, eval, examples of precision
 */
export type Digits = 'least' | 'as-first' | 'exact' | ((result: number, args: readonly Scalar[], places: readonly number[]) => number)

interface Described {
  readonly name: string
  readonly aliases?: readonly string[]
  readonly summary: string
  readonly source: string
  /** Text of an expression, and the text of its result (null: no value; a list: a multivalue). Run by the contract test. */
  readonly examples: readonly (readonly [expression: string, result: string | null | readonly string[]])[]
  readonly returns: StaticType
  /** False when two calls with the same arguments may differ (random, time) or depend on the row as a whole. */
  readonly pure?: boolean
  /** What types cannot say about the arguments, seen before the search runs. */
  accepts?(args: readonly Expression[], types: readonly StaticType[]): boolean
}

/**
 * A function of values. A missing value, or one that does not fit its parameter, makes the result null before `call` runs, except where the
 * parameter is `orNull`. Where a parameter takes one value, a multivalue does not fit.
 */
export interface PlainFunction<P extends readonly Param<unknown>[]> extends Described {
  readonly params: P
  /** `least` where a parameter is a number, else `exact`. */
  readonly digits?: Digits
  readonly call: (...args: [...ParamValues<P>, frame: Frame, node: Expression]) => Scalar
}

/** A function that decides itself which of its arguments to evaluate (if, case, coalesce), asks for their static types, or binds a field (mvmap). */
export interface LazyFunction extends Described {
  readonly usage: string
  accepts(args: readonly Expression[], types: readonly StaticType[]): boolean
  /** The static type, where it follows from the arguments. */
  typed?(types: readonly StaticType[]): StaticType
  /** Leaves the place of a number that it gives in the frame. */
  readonly call: (args: readonly Compiled[], frame: Frame, nodes: readonly Expression[]) => Scalar
}

/** What the rest of the program sees of a function. */
export interface EvalFunction extends Described {
  readonly kind: 'function'
  readonly usage: string
  readonly params: readonly Param<unknown>[] | undefined
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
    digits: d.digits ?? (params.some((p) => p.takes === 'number') ? 'least' : 'exact'),
    accepts: (args, types) => fits(params, types) && (d.accepts?.(args, types) ?? true),
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
    digits: 'exact',
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

/** The static type of one of several values: theirs where they agree. */
export const commonType = (types: readonly StaticType[]): StaticType => (types.every((t) => t === types[0]) ? (types[0] ?? 'any') : 'any')

const param = <T>(shape: string, takes: Param<T>['takes'], refuses: readonly StaticType[], coerce: Param<T>['coerce']): Param<T> => ({
  shape,
  takes,
  refuses,
  coerce,
  optional: false,
  rest: false,
})

const listOf = (v: Scalar): readonly string[] | undefined =>
  Array.isArray(v) ? (v as readonly string[]) : typeof v === 'string' ? [v] : undefined
const numbersOf = (v: Scalar): number[] => (typeof v === 'number' ? [v] : (listOf(v) ?? []).map(numberOf).filter((x) => x === x))

/** A number: numeric text counts. */
export const number: Param<number> = param('num', 'number', ['text', 'boolean', 'null'], (v) => (typeof v === 'number' ? v : undefined))
/** A whole number; a fraction is cut off. */
export const integer: Param<number> = param('int', 'number', ['text', 'boolean', 'null'], (v) =>
  typeof v === 'number' ? Math.trunc(v) : undefined,
)
/** All numbers of a value; texts that are none are left out. */
export const numbers: Param<readonly number[]> = param('num', 'raw', ['text', 'boolean'], numbersOf)
/** One text; a number field gives its text. */
export const text: Param<string> = param('str', 'text', ['number', 'boolean', 'null'], (v) => (typeof v === 'string' ? v : undefined))
/** A text that is allowed to be written as a number. */
export const loose: Param<string> = param('str', 'text', ['boolean', 'null'], (v) => (typeof v === 'string' ? v : undefined))
/** A number as it is, or one text. */
export const textOrNumber: Param<string | number> = param('any', 'raw', ['boolean', 'null'], (v) =>
  typeof v === 'string' || typeof v === 'number' ? v : undefined,
)
/** All texts of a value: a multivalue's, or the one. */
export const texts: Param<readonly string[]> = param('mv', 'text', ['boolean', 'null'], listOf)
/** A text, or a multivalue of which each is meant. */
export const textOrTexts: Param<string | readonly string[]> = param('str', 'text', ['number', 'boolean', 'null'], (v) =>
  typeof v === 'string' || Array.isArray(v) ? (v as string | readonly string[]) : undefined,
)
export const truth: Param<boolean> = param('bool', 'raw', ['number', 'text', 'null'], (v) => (typeof v === 'boolean' ? v : undefined))
/** Any value as it is, null too. */
export const any: Param<Scalar> = param('any', 'raw', [], (v) => v)

/** A pattern: compiled once for a literal, else per text. */
export const regex: Param<Regex> = param('regex', 'text', ['number', 'boolean', 'null'], (v) =>
  typeof v === 'string' ? compileRegex(v) : undefined,
)

const path = remembered(readPath)
/** A path into JSON or XML. */
export const jsonPath: Param<Path> = param('path', 'text', ['number', 'boolean', 'null'], (v) =>
  typeof v === 'string' ? path(v) : undefined,
)

export const maybe = <T, const D>(p: Param<T>, fallback: D): Param<T | D> => ({ ...p, optional: true, fallback }) as Param<T | D>
/** A value whose absence the function looks at: null where it is missing or does not fit, also when it is written `null()`. */
export const orNull = <T>(p: Param<T>): Param<T | null> => ({
  ...(p as Param<T | null>),
  refuses: p.refuses.filter((t) => t !== 'null'),
  coerce: (v) => p.coerce(v) ?? null,
})
/** Any number of values, none included; the call receives one list. */
export const rest = <T>(p: Param<T>): Param<readonly T[]> => ({ ...p, rest: true }) as unknown as Param<readonly T[]>

/** Changes a text, of a multivalue each. */
export const each = (v: string | readonly string[], change: (s: string) => string): string | readonly string[] =>
  typeof v === 'string' ? change(v) : v.map(change)
