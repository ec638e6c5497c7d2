import { type Conf, DEFAULT_STANZA, type Settings, type Stanzas, stanzasOf } from './conf'

/** Files of one name, lowest precedence first, as one: of a key that several set, the last file's value stands. */
export const mergeConfs = (confs: readonly Conf[]): Stanzas => mergeStanzas(confs.map(stanzasOf))

/** The same for files whose places nobody needs. */
export function mergeStanzas(files: readonly Stanzas[]): Stanzas {
  const merged = new Map<string, Settings>()
  for (const file of files) for (const [name, settings] of file) merged.set(name, { ...merged.get(name), ...settings })
  return merged
}

/**
 * Each stanza with what it inherits from `[default]`, and without `[default]` itself. A key of a stanza wins over the default's,
 * whatever layers the two came from. Not for props.conf: there several stanzas apply to one event, and `[default]` after all of them.
 */
export function withDefaults(stanzas: Stanzas): Stanzas {
  const defaults = stanzas.get(DEFAULT_STANZA)
  const named = [...stanzas].filter(([name]) => name !== DEFAULT_STANZA)
  return new Map(defaults ? named.map(([name, settings]): [string, Settings] => [name, { ...defaults, ...settings }]) : named)
}

/** The stanzas that are not switched off by `disabled`. */
export function enabledStanzas(stanzas: Stanzas): Stanzas {
  return new Map([...stanzas].filter(([, settings]) => !isTrue(settings.disabled)))
}

/** How .conf files write a boolean; what is neither is false. */
export const isTrue = (text: string | undefined): boolean => /^(1|t|true|y|yes|enabled)$/i.test(text ?? '')
