import type { Expression } from '../../spl/expressions/expression'
import { fieldsOf } from '../../spl/expressions/expression'
import { parseExpression } from '../../spl/expressions/parse'
import { type Problem, SplProblem } from '../../spl/text/problem'
import { fail, problem } from '../../spl/text/problems'
import { Reader } from '../../spl/text/reader'
import type { Extraction } from './definition'

/** A calculated field, read. */
export interface Calculated {
  readonly field: string
  readonly value: Expression
  readonly reads: readonly string[]
}

const WHO = 'EvalCommand'

interface Read {
  readonly fields: readonly Calculated[]
  readonly problems: readonly Problem[]
}
const READ = new WeakMap<Extraction, Read>()

/** Reads the EVAL settings, once; one that cannot be read is passed over, as Splunk does, and reported. */
export function readCalculated(extraction: Extraction, report: (p: Problem) => void): readonly Calculated[] {
  let found = READ.get(extraction)
  if (!found) {
    const problems: Problem[] = []
    const fields = readAll(extraction, (p) => problems.push(p))
    READ.set(extraction, (found = { fields, problems }))
  }
  for (const p of found.problems) report(p)
  return found.fields
}

function readAll(extraction: Extraction, report: (p: Problem) => void): readonly Calculated[] {
  let id = 0
  return extraction.calculated.flatMap(({ field, text, stanza }) => {
    try {
      const reader = new Reader(text)
      const value = parseExpression({ reader, who: WHO, nextId: () => id++ })
      reader.skipBlanks()
      if (!reader.atEnd)
        throw fail('eval-malformed', { who: WHO, tail: `An unexpected character is reached at '${reader.rest().slice(0, 60)}'.` })
      return [{ field, value, reads: fieldsOf(value) }]
    } catch (e) {
      report(passedOver(stanza, field, e))
      return []
    }
  })
}

/** @throws what is no problem of the text */
export function passedOver(stanza: string, field: string, e: unknown): Problem {
  if (!(e instanceof SplProblem)) throw e
  return problem('knowledge-skipped', { stanza, key: `EVAL-${field}`, text: e.message.replace(/\.$/, '') })
}
