import type { Template } from './definition'

/** A pair of FORMAT: `name::value`, each made of texts and groups. */
export interface FieldFormat {
  readonly name: Template
  readonly value: Template
}

/** `$1::$2 kind::"a $3"`: pairs between blanks; a value in quotes may hold blanks. @source transforms.conf.spec, FORMAT (search time) */
export function readFormat(text: string): readonly FieldFormat[] {
  const found: FieldFormat[] = []
  for (const m of text.matchAll(/("(?:[^"\\]|\\.)*"|[^\s":]+(?::(?!:)[^\s":]*)*)::("(?:[^"\\]|\\.)*"|\S*)/g)) {
    found.push({ name: readTemplate(unquoted(m[1]!)), value: readTemplate(unquoted(m[2]!)) })
  }
  return found
}

export const group = (of: number | string): Template => [{ group: of }]

function readTemplate(text: string): Template {
  return text
    .split(/(\$\d+)/)
    .filter((piece) => piece !== '')
    .map((piece) => (/^\$\d+$/.test(piece) ? { group: Number(piece.slice(1)) } : piece))
}

/** The text of a template without groups, else undefined. */
export const plainText = (t: Template): string | undefined => (t.every((p) => typeof p === 'string') ? t.join('') : undefined)

/** The group that a template is nothing else than, else undefined. */
export function onlyGroup(t: Template): number | string | undefined {
  const [first, second] = t
  return second === undefined && typeof first === 'object' ? first.group : undefined
}

/** A list such as `"a", "b"` or `a b`; `\t`, `\n`, `\r`, `\"` and `\\` inside quotes. */
export function readList(text: string): readonly string[] {
  return [...text.matchAll(/"(?:[^"\\]|\\.)*"|[^\s,]+/g)].map((m) => unquoted(m[0]))
}

const ESCAPES: Readonly<Record<string, string>> = { t: '\t', n: '\n', r: '\r' }
function unquoted(text: string): string {
  if (!/^".*"$/s.test(text)) return text
  return text.slice(1, -1).replace(/\\(.)/gs, (_all, c: string) => ESCAPES[c] ?? c)
}
