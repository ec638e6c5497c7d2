import { cleanKey } from './keys'

/** A field and its value, as a step found them. */
export type Pair = readonly [name: string, value: string]

/** @source limits.conf, [kv] limit, maxchars */
export const MOST_FIELDS = 100
export const MOST_CHARACTERS = 10_240

// Between key and value stands `=` and nothing else. A value without quotes ends at a blank or a separator of pairs.
const PLAIN = /(?<![\w.:-])([A-Za-z_][\w.:-]*)=(?:"([^"]*)"|([^\s,;&|"]+))?/g
const ESCAPED = /(?<![\w.:-])([A-Za-z_][\w.:-]*)=(?:"((?:[^"\\]|\\[\s\S])*)"|([^\s,;&|"]+))?/g

/** `key=value` pairs of a text in order; empty values are left out. @param escapes whether `\"` and `\\` count inside quotes */
export function autoPairs(text: string, escapes: boolean): readonly Pair[] {
  const pairs: Pair[] = []
  const names = new Set<string>()
  const piece = text.length > MOST_CHARACTERS ? text.slice(0, MOST_CHARACTERS) : text
  const pattern = escapes ? ESCAPED : PLAIN
  pattern.lastIndex = 0
  for (let m = pattern.exec(piece); m; m = pattern.exec(piece)) {
    const quoted = m[2]
    const value = quoted === undefined ? m[3] : escapes ? quoted.replace(/\\(["\\])/g, '$1') : quoted
    const name = cleanKey(m[1]!)
    if (!value || name === '') continue
    if (names.size === MOST_FIELDS && !names.has(name)) break
    names.add(name)
    pairs.push([name, value])
  }
  return pairs
}
