/**
 * A field name made of a key found in an event: what is no letter, digit or underscore becomes an underscore, and leading underscores
 * and digits go. @source transforms.conf.spec, CLEAN_KEYS
 */
export function cleanKey(key: string): string {
  return CLEAN.test(key) ? key : key.replace(/[^A-Za-z0-9_]/g, '_').replace(/^[_0-9]+/, '')
}
const CLEAN = /^[A-Za-z][A-Za-z0-9_]*$/

/** How every key ends that is cleaned to this name: a search for it passes over events that cannot have the field. May be empty. */
export const keyTail = (name: string, cleans: boolean): string => (cleans ? name.slice(name.lastIndexOf('_') + 1) : name)
