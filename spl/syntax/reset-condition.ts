import type { Expression } from '../expressions/expression'
import { parseExpression } from '../expressions/parse'
import { checkExpression } from '../expressions/types'
import { SplProblem } from '../text/problem'
import { fail } from '../text/problems'
import { quoteEnd, Reader, unescapeQuoted } from '../text/reader'
import type { ArgumentReader } from './arguments'
import type { Syntax } from './shapes'

/**
 * A condition as the value of an option: `"("x==1")"` with the parentheses in quotes, as documented, `"x==1"`, or `(x==1)`.
 * @param what  the option, for the message
 */
export const resetCondition = (what: string): Syntax<Expression> => ({
  usage: '(<eval-expression>)',
  expects: 'a boolean expression',
  read(r) {
    r.skipBlanks()
    const start = r.pos
    const text = conditionText(r)
    const refused = () => r.refuse(`${what} must be a boolean expression.`, r.from(start))
    if (text === undefined) throw refused()
    // Blanks before it keep its places near those of the search, which has more backslashes.
    const reader = new Reader(' '.repeat(start) + text, start)
    try {
      const e = parseExpression({ reader, who: r.command, nextId: r.nextId })
      reader.skipBlanks()
      const type = checkExpression(e, r.vocabulary.functions, r.command)
      if (reader.atEnd && (type === 'boolean' || type === 'any')) return e
    } catch (e) {
      if (!(e instanceof SplProblem) || e.code !== 'eval-malformed') throw e
    }
    throw refused()
  },
})

function conditionText(r: ArgumentReader): string | undefined {
  if (r.startsWith(OPEN)) return betweenQuoted(r)
  return r.char === '(' ? inParentheses(r) : r.value()?.text
}

const OPEN = '"("'
const CLOSE = '")"'

/** What stands between the quoted parentheses; a quote with a backslash before it is part of that. */
function betweenQuoted(r: ArgumentReader): string | undefined {
  const start = r.pos + OPEN.length
  for (r.pos = start; !r.atEnd; r.pos++) {
    if (r.char === '\\') r.pos++
    else if (r.startsWith(CLOSE)) {
      const inner = r.text.slice(start, r.pos)
      r.pos += CLOSE.length
      return unescapeQuoted(inner)
    }
  }
  return undefined
}

function inParentheses(r: ArgumentReader): string | undefined {
  const start = r.pos
  let depth = 0
  while (!r.atEnd) {
    const c = r.char
    if (c === '"' || c === "'") {
      const end = quoteEnd(r.text, r.pos, r.end, c)
      if (end < 0) throw fail('unbalanced-quotes', {}, { start: r.pos, end: r.pos + 1 })
      r.pos = end
      continue
    }
    r.pos++
    if (c === '(') depth++
    else if (c === ')' && --depth === 0) return r.text.slice(start, r.pos)
  }
  return undefined
}
