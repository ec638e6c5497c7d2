import { isArray, isObject, type Json, jsonNumber, parseJson } from '../values/json'
import { type Path, PathProblem, readPath } from '../values/json-path'
import { numberText } from '../values/number'
import { remembered } from '../values/time/memo'
import { type Compiled, type Frame, textIn } from './compiled'
import type { Expression, StaticType } from './expression'

/**
 * A value as a member of JSON: a text literal is a string whatever it holds; another text that is a JSON object or array is embedded; a
 * field's text that is a number becomes one, as it was written; a multivalue becomes an array of strings.
 * @source Search Reference, JSON functions, json_object: nested calls and fields that hold their results
 */
export function jsonOf(c: Compiled, frame: Frame): Json {
  const v = c.value(frame)
  if (v === null || typeof v === 'boolean') return v
  if (typeof v === 'number') return jsonNumber(numberText(v, frame.places))
  if (typeof v === 'object') return v
  if ('text' in c.node) return v
  return embedded(v, c.type !== 'text') ?? v
}

function embedded(text: string, numbers: boolean): Json | undefined {
  // Most texts are none of these, and their first character tells.
  if (!/^\s*[[{]/.test(text) && !(numbers && /^-?\d/.test(text))) return undefined
  const j = parseJson(text)
  return isArray(j) || isObject(j) || (numbers && typeof j === 'object') ? j : undefined
}

/** The value of an argument that holds JSON text; undefined where it holds none. */
export function jsonIn(c: Compiled, frame: Frame): Json | undefined {
  const text = textIn(c, frame)
  return typeof text === 'string' ? parseJson(text) : undefined
}

const pathOrNull = remembered((text): Path | null => {
  try {
    return readPath(text)
  } catch (e) {
    if (e instanceof PathProblem) return null
    throw e
  }
})

/** The path that an argument says; undefined where it says none. */
export function pathIn(c: Compiled, frame: Frame): Path | undefined {
  const text = textIn(c, frame)
  return typeof text === 'string' ? (pathOrNull(text) ?? undefined) : undefined
}

/** The key that an argument says, whatever stands in it. */
export function keyIn(c: Compiled, frame: Frame): Path | undefined {
  const text = textIn(c, frame)
  return typeof text === 'string' ? [{ key: text }] : undefined
}

/** Whether the arguments are JSON and then pairs of path and value. */
export function acceptsPairs(args: readonly Expression[], types: readonly StaticType[]): boolean {
  const paths = args.filter((_a, i) => i % 2 === 1)
  if (args.length < 3 || args.length % 2 === 0 || !isTextual(types[0]!)) return false
  return paths.every((p, i) => isTextual(types[i * 2 + 1]!) && !('text' in p && pathOrNull(p.text) === null))
}

export const isTextual = (t: StaticType): boolean => t === 'text' || t === 'any'

/** Applies a change for each pair of path and value, from left to right; null where the first argument is no JSON. */
export function changedPairs(
  args: readonly Compiled[],
  frame: Frame,
  how: { readonly path: typeof pathIn; change(j: Json, path: Path, value: Json): Json },
): Json | undefined {
  let j = jsonIn(args[0]!, frame)
  for (let i = 1; i < args.length && j !== undefined; i += 2) {
    const path = how.path(args[i]!, frame)
    j = path && how.change(j, path, jsonOf(args[i + 1]!, frame))
  }
  return j
}
