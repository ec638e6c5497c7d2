import { fail } from '../text/problems'
import { quoteEnd, unescapeQuoted } from '../text/reader'
import type { ArgumentReader, Word } from './arguments'
import type { Syntax } from './shapes'

const PLAIN = /(?:\\[\s\S]|[^\s"\\])+/y

/**
 * Reads one argument whose quoted and bare pieces are joined, as a shell does: `(?<name>"(?i)ftp")` is `(?<name>(?i)ftp)`. It ends at a
 * blank outside quotes. Quoted pieces lose the search-string layer of backslashes, bare ones only that of `\"`.
 */
export function joinedWord(r: ArgumentReader): Word | undefined {
  r.skipBlanks()
  const start = r.pos
  let text = ''
  for (;;) {
    if (r.char === '"') {
      const end = quoteEnd(r.text, r.pos, r.end)
      if (end < 0) throw fail('unbalanced-quotes', {}, { start: r.pos, end: r.pos + 1 })
      text += unescapeQuoted(r.text.slice(r.pos + 1, end - 1))
      r.pos = end
      continue
    }
    const bare = r.match(PLAIN)
    if (bare === undefined) break
    // DIFFERS: what Splunk does with pieces that are not quoted throughout is not documented; joining them is what the rules in use rely on.
    text += bare.replace(/\\"/g, '"')
  }
  return r.pos === start ? undefined : { text, quoted: r.text[start] === '"', span: r.from(start) }
}

/** A regular expression or sed expression as one argument. */
export const patternText: Syntax<string> = {
  usage: '"<regex>"',
  expects: 'a regular expression',
  read(r) {
    const w = joinedWord(r)
    if (!w) throw r.unexpected()
    return w.text
  },
}
