import { isArray, isObject, type Json, type JsonObject } from './json'

/** A step of a path: a key, an element by its number, or all elements. */
export type Step = { readonly key: string } | { readonly index: number } | { readonly all: true } | { readonly attribute: string }
export type Path = readonly Step[]

/** A path that cannot be read. */
export class PathProblem extends Error {
  override readonly name = 'PathProblem'
  constructor(readonly path: string) {
    super(`Invalid JSON path: ${path}`)
  }
}

/**
 * Reads `a.b{2}.c{}{@id}`: keys between dots, `{n}` an element, `{}` all elements, `{@name}` an attribute of an XML element.
 * The empty path is the value itself.
 * @throws PathProblem  where braces hold anything else or stand unclosed, or a key is missing
 * @source Search Reference, spath and JSON functions, "path"
 */
export function readPath(text: string): Path {
  const steps: Step[] = []
  if (text === '') return steps
  for (const part of text.split('.')) {
    const m = /^([^{}]*)((?:\{[^{}]*\})*)$/.exec(part)
    if (!m || part === '') throw new PathProblem(text)
    if (m[1] !== '') steps.push({ key: m[1]! })
    for (const [, inner] of m[2]!.matchAll(/\{([^{}]*)\}/g)) steps.push(braces(inner!, text))
  }
  return steps
}

function braces(inner: string, path: string): Step {
  if (inner === '') return { all: true }
  if (inner.startsWith('@') && inner.length > 1) return { attribute: inner.slice(1) }
  if (/^\d+$/.test(inner)) return { index: Number(inner) }
  throw new PathProblem(path)
}

/** Everything that a path leads to, in order; elements are counted from 0. */
export function jsonAt(j: Json, path: Path): readonly Json[] {
  let found: readonly Json[] = [j]
  for (const step of path) found = found.flatMap((f) => next(f, step))
  return found
}

function next(j: Json, step: Step): readonly Json[] {
  let found: Json | undefined
  if ('key' in step) found = isObject(j) ? j.get(step.key) : undefined
  else if ('index' in step) found = isArray(j) ? j[step.index] : undefined
  else if ('all' in step) return isArray(j) ? j : []
  return found === undefined ? [] : [found]
}

/**
 * What `json_extract` gives for a path: a path with `{}` gives one array of all that it leads to, others one value; undefined for nothing.
 * @source Search Reference, JSON functions: `{}` alone is the whole
 */
export function extractJson(j: Json, path: Path): Json | undefined {
  const list = path.some((s) => 'all' in s)
  const last = path.at(-1)
  // A closing `{}` on an object is the object: `{}` is documented to give the whole of one.
  if (last && 'all' in last) {
    const before = jsonAt(j, path.slice(0, -1))
    if (before.length === 1 && isObject(before[0])) return before[0]
    return before.some(isArray) ? before.filter(isArray).flat() : undefined
  }
  const found = jsonAt(j, path)
  return list ? (found.length > 0 ? found : undefined) : found[0]
}

/** How a member changes: given what stands there (undefined: nothing), the new value, or undefined to take it away. */
export type Change = (old: Json | undefined) => Json | undefined

/**
 * The same value with the place at the end of a path changed. Objects on the way that are missing are made when `create` is set.
 * A path that runs through a scalar, or into an element that is not there, changes nothing; `{}` changes every element.
 */
export function changedAt(j: Json, path: Path, change: Change, create: boolean): Json {
  const [step, ...rest] = path
  if (step === undefined) {
    const made = change(j)
    return made === undefined ? j : made
  }
  if ('key' in step) return isObject(j) ? changedMember(j, step.key, rest, { change, create }) : j
  if (!isArray(j)) return j
  if ('all' in step) return j.flatMap((item) => changedItem(item, rest, change, create))
  if ('index' in step) return j.flatMap((item, i) => (i === step.index ? changedItem(item, rest, change, create) : [item]))
  return j
}

function changedItem(item: Json, rest: Path, change: Change, create: boolean): readonly Json[] {
  if (rest.length > 0) return [changedAt(item, rest, change, create)]
  const made = change(item)
  return made === undefined ? [] : [made]
}

function changedMember(j: JsonObject, key: string, rest: Path, how: { readonly change: Change; readonly create: boolean }): Json {
  const old = j.get(key)
  const { change, create } = how
  let made: Json | undefined
  if (rest.length === 0) made = change(old)
  else if (old !== undefined) made = changedAt(old, rest, change, create)
  else if (create && 'key' in rest[0]!) made = changedAt(new Map(), rest, change, create)
  else return j
  const members = new Map(j)
  if (made === undefined) members.delete(key)
  else members.set(key, made)
  return members
}
