import { isEventTime } from '../spl/values/time/civil'
import { refused } from './errors'
import type { Form } from './form'

/** How the values of a parameter are read. */
export interface Shape<T> {
  /** For the reference page. */
  readonly about: string
  /** @throws HttpProblem 400 */
  read(values: readonly string[] | undefined, name: string): T
}

export type Shapes = Readonly<Record<string, Shape<unknown>>>
export type Values<S extends Shapes> = { readonly [K in keyof S]: S[K] extends Shape<infer T> ? T : never }

const shape = <T>(about: string, read: Shape<T>['read']): Shape<T> => ({ about, read })
const last = (values: readonly string[] | undefined): string | undefined => values?.[values.length - 1]
const bad = (name: string, value: string) => refused(400, `Invalid value "${value}" for argument "${name}".`)

/** A text, or nothing. */
export const optional: Shape<string | undefined> = shape('text', last)

export const text = (usual: string): Shape<string> => shape(`text, ${JSON.stringify(usual)} when absent`, (values) => last(values) ?? usual)

/** A text that must be there. @param missing  what is said when it is not */
export const needed = (missing?: string, type: 'ERROR' | 'FATAL' = 'ERROR'): Shape<string> =>
  shape('text, must be there', (values, name) => {
    const value = last(values)
    if (value === undefined) throw refused(400, missing ?? `The following required arguments are missing: ${name}.`, type)
    return value
  })

/** All values of a repeated parameter. */
export const texts: Shape<readonly string[]> = shape('texts, by repeating it', (values) => values ?? [])

export const integer = (usual: number, least = Number.NEGATIVE_INFINITY): Shape<number> =>
  shape(`whole number, ${usual} when absent`, (values, name) => {
    const value = last(values)
    if (value === undefined || value === '') return usual
    if (!/^[+-]?\d{1,15}$/.test(value) || Number(value) < least) throw bad(name, value)
    return Number(value)
  })

/** Epoch seconds of an event, or nothing. */
export const seconds: Shape<number | undefined> = shape('epoch seconds', (values, name) => {
  const value = last(values)
  if (value === undefined || value === '') return undefined
  if (!/^\d{1,12}(\.\d{1,9})?$/.test(value) || !isEventTime(Number(value))) throw bad(name, value)
  return Number(value)
})

const TRUE = new Set(['1', 't', 'true', 'yes', 'on'])
const FALSE = new Set(['0', 'f', 'false', 'no', 'off', ''])

/** Clients write `1`, `true`, `True` and `t`. */
export const flag = (usual: boolean): Shape<boolean> =>
  shape(`boolean, ${usual} when absent`, (values, name) => {
    const value = last(values)
    if (value === undefined) return usual
    if (TRUE.has(value.toLowerCase())) return true
    if (FALSE.has(value.toLowerCase())) return false
    throw bad(name, value)
  })

export const choice = <const C extends string>(choices: readonly C[], usual: C): Shape<C> =>
  shape(`${choices.join(', ')}; ${usual} when absent`, (values, name) => {
    const value = last(values) ?? usual
    const found = choices.find((c) => c === value)
    if (found === undefined) throw bad(name, value)
    return found
  })

/** Taken and kept with the request, without an effect here: what it steers does not exist in Headstand. @param why  for the reference page */
export const noted = (why: string): Shape<string | undefined> => shape(`text; ${why}`, last)

/** Taken only with a value that asks for nothing. @param harmless  those values */
export const unsupported = (...harmless: readonly string[]): Shape<undefined> =>
  shape(`not supported, but for ${harmless.join(', ')}`, (values, name) => {
    const value = last(values)
    if (value === undefined || harmless.includes(value.toLowerCase())) return undefined
    throw refused(400, `Not supported by Headstand: ${name}=${value}.`, 'FATAL')
  })

export type Unknown = 'refuse' | 'echo' | 'ignore'

/** Parameters that every endpoint knows. */
const EVERYWHERE = new Set(['output_mode'])

/**
 * Reads a request's parameters by their shapes.
 * @returns the values, and the parameters that no shape names: empty unless they are echoed
 * @throws HttpProblem 400
 */
export function readParams<S extends Shapes>(shapes: S, form: Form, unknown: Unknown): { args: Values<S>; others: Form } {
  const strangers = [...form].filter(([name]) => !Object.hasOwn(shapes, name) && !EVERYWHERE.has(name))
  const stranger = strangers[0]
  if (stranger && unknown === 'refuse') throw refused(400, `Argument "${stranger[0]}" is not supported by this handler.`)
  const args = Object.fromEntries(Object.entries(shapes).map(([name, { read }]) => [name, read(form.get(name), name)]))
  return { args: args as Values<S>, others: new Map(unknown === 'echo' ? strangers : []) }
}
