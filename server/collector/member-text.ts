const STRING = /"(?:[^"\\]|\\.)*"/y
const SCALAR = /[^\s,{}[\]"]+/y

/**
 * The text of a member's value as it stands in an object: numbers and blanks as they were written.
 * @param text  an object that is JSON; the last member of the name counts, as for JSON.parse
 */
export function memberText(text: string, name: string): string | undefined {
  let found: string | undefined
  let at = skip(text, text.indexOf('{') + 1)
  while (text[at] === '"') {
    const keyEnd = valueEnd(text, at)
    const start = skip(text, skip(text, keyEnd) + 1)
    const end = valueEnd(text, start)
    if (JSON.parse(text.slice(at, keyEnd)) === name) found = text.slice(start, end)
    const comma = skip(text, end)
    if (text[comma] !== ',') break
    at = skip(text, comma + 1)
  }
  return found
}

function skip(text: string, at: number): number {
  while (at < text.length && /\s/.test(text[at]!)) at++
  return at
}

function valueEnd(text: string, at: number): number {
  if (text[at] !== '{' && text[at] !== '[') return tokenEnd(text, at)
  let depth = 0
  do {
    const c = text[at]!
    if (c === '"') at = tokenEnd(text, at)
    else {
      if (c === '{' || c === '[') depth++
      else if (c === '}' || c === ']') depth--
      at++
    }
  } while (depth > 0)
  return at
}

function tokenEnd(text: string, at: number): number {
  const token = text[at] === '"' ? STRING : SCALAR
  token.lastIndex = at
  return token.test(text) ? token.lastIndex : text.length
}
