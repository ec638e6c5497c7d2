/** The text without those characters at its start, its end or both that are in a set, given as a text of them. */
export function trimmed(text: string, set: string, at: { readonly start: boolean; readonly end: boolean }): string {
  const chars = new Set(set)
  let from = 0
  let to = text.length
  const drops = (i: number) => chars.has(text[i]!)
  while (at.start && from < to && drops(from)) from++
  while (at.end && to > from && drops(to - 1)) to--
  return text.slice(from, to)
}
