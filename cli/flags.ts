/** A way to use a sub-command that it does not have: the message says what was wrong. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}

export interface Flag<T> {
  /** What stands for the value in the help; absent for a switch, which takes none. */
  readonly placeholder?: string
  readonly help: string
  /** Variables that are read when the flag is not given; the first that is set and not empty counts. */
  readonly env: readonly string[]
  /** Only from a variable: what stands on a command line, every user of the machine can read. */
  readonly secret?: boolean
  /** What the help says of the value when nothing is given. */
  readonly usual?: string
  /**
   * @param texts  the values as given, in their order; empty when the flag was not given
   * @throws UsageError; the name is put before its message
   */
  read(texts: readonly string[]): T
}

export type Flags = Readonly<Record<string, Flag<unknown>>>
export type Values<F extends Flags> = { readonly [K in keyof F]: F[K] extends Flag<infer T> ? T : never }

interface Sources {
  readonly env?: string | readonly string[]
  readonly secret?: boolean
}
const sources = ({ env = [], secret }: Sources) => ({
  env: typeof env === 'string' ? [env] : env,
  ...(secret !== undefined && { secret }),
})

const last = (texts: readonly string[]): string | undefined => texts[texts.length - 1]

/** A text; the last one counts. */
export const text = <D extends string | undefined>(placeholder: string, help: string, usual: D, more: Sources = {}): Flag<string | D> => ({
  placeholder,
  help,
  ...sources(more),
  ...(usual !== undefined && !more.secret && { usual }),
  read: (texts) => last(texts) ?? usual,
})

/** A text that may be given several times. */
export const texts = (placeholder: string, help: string, more: Sources = {}): Flag<readonly string[]> => ({
  placeholder: `${placeholder}…`,
  help: `${help} (may be repeated)`,
  ...sources(more),
  read: (given) => given,
})

const TRUE = /^(1|true|yes|on)$/i
const FALSE = /^(0|false|no|off)$/i

/** A switch. As a variable it takes 1, true, yes, on and their opposites. */
export const flag = (help: string, more: Sources = {}): Flag<boolean> => ({
  help,
  ...sources(more),
  read(given) {
    const value = last(given)
    if (value === undefined || FALSE.test(value)) return false
    if (TRUE.test(value)) return true
    throw new UsageError(`takes 1 or 0, not '${value}'`)
  },
})

export const choice = <const C extends string>(choices: readonly C[], help: string, usual: C, more: Sources = {}): Flag<C> => ({
  placeholder: choices.join('|'),
  help,
  ...sources(more),
  usual,
  read(given) {
    const value = last(given) ?? usual
    const found = choices.find((c) => c === value)
    if (found === undefined) throw new UsageError(`takes ${choices.join(', ')}, not '${value}'`)
    return found
  },
})

/** A TCP port; 0 is any that is free. */
export const port = <D extends number | undefined>(help: string, usual: D, more: Sources = {}): Flag<number | D> => ({
  placeholder: 'N',
  help,
  ...sources(more),
  ...(usual !== undefined && { usual: String(usual) }),
  read(given) {
    const value = last(given)
    if (value === undefined) return usual
    if (!/^\d{1,5}$/.test(value) || Number(value) > 65_535) throw new UsageError(`takes a port from 0 to 65535, not '${value}'`)
    return Number(value)
  },
})

const ISO = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2})$/

/** Epoch seconds of `1700000000.5` or `2023-11-14T22:13:20Z`; undefined where the text is neither. */
export function instant(value: string): number | undefined {
  if (/^\d{1,12}(\.\d{1,9})?$/.test(value)) return Number(value)
  const at = ISO.test(value) ? Date.parse(value) / 1000 : Number.NaN
  return Number.isNaN(at) ? undefined : at
}

/** A moment: epoch seconds or ISO 8601 with its zone. */
export const moment = (help: string, more: Sources = {}): Flag<number | undefined> => ({
  placeholder: 'T',
  help,
  ...sources(more),
  read(given) {
    const value = last(given)
    if (value === undefined) return undefined
    const at = instant(value)
    if (at === undefined) throw new UsageError(`takes epoch seconds or a time such as 2024-05-01T10:00:00Z, not '${value}'`)
    return at
  },
})
