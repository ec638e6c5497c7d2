import { type Conf, DEFAULT_STANZA, type Settings, type Stanzas } from './conf'

/** Files of one name, lowest precedence first, as one: of a key that several set, the last file's value stands. */
export function mergeConfs(confs: readonly Conf[]): Stanzas {
  const merged = new Map<string, Map<string, string>>()
  for (const conf of confs) {
    for (const { name, entries } of conf.stanzas) {
      let stanza = merged.get(name)
      if (!stanza) merged.set(name, (stanza = new Map()))
      for (const { key, value } of entries) stanza.set(key, value)
    }
  }
  return new Map([...merged].map(([name, keys]) => [name, Object.fromEntries(keys)]))
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
