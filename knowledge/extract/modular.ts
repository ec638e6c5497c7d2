import type { Stanzas } from './definition'

const DEEPEST = 20

/**
 * The pattern with `[[name]]` replaced by the REGEX of that transforms stanza. `[[name:field]]` also names what it matched: named groups
 * get `field` in front of their name, `(?<>…)` becomes `(?<field>…)`, and a pattern without named groups becomes a group `field`.
 * @throws Error with a text for the user, where a stanza is not there or they contain each other
 * @source transforms.conf.spec, "modular regular expressions"
 */
export function expandModular(pattern: string, transforms: Stanzas, depth = 0): string {
  return pattern.replace(/\[\[([A-Za-z_][\w-]*)(?::([A-Za-z_]\w*))?\]\]/g, (_all, name: string, field: string | undefined) => {
    const regex = Object.hasOwn(transforms, name) ? transforms[name]!.REGEX : undefined
    if (regex === undefined) throw new Error(`the modular regex '${name}' has no REGEX`)
    if (depth >= DEEPEST) throw new Error(`the modular regex '${name}' contains itself`)
    const inner = expandModular(regex, transforms, depth + 1)
    return field === undefined ? `(?:${inner})` : named(inner, field)
  })
}

function named(inner: string, field: string): string {
  const opening = /\(\?P?<(?![=!])/g
  return opening.test(inner) ? `(?:${inner.replace(opening, `(?<${field}`)})` : `(?<${field}>${inner})`
}
