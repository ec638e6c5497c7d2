import { type ArgumentReader, FIELD } from '../syntax/arguments'
import type { RunContext } from '../syntax/behaviour'
import { boolean, clause, integer, maybe, option, own, refusal, text } from '../syntax/shapes'
import type { Span } from '../text/source'
import { type RankedArguments, ranked } from './ranked'

const MOST = 50_000

/** What `top` and `rare` are written like. */
export interface FrequencyArguments {
  readonly count: number | undefined
  readonly limit: number | undefined
  readonly countfield: string
  readonly percentfield: string
  readonly showcount: boolean
  readonly showperc: boolean
  readonly fields: readonly string[]
  readonly by: readonly string[] | undefined
}

export const frequencySyntax = (who: string) => ({
  count: maybe(integer, undefined),
  limit: option('limit', integer, undefined),
  countfield: option('countfield', text, 'count'),
  percentfield: option('percentfield', text, 'percent'),
  showcount: option('showcount', boolean, true),
  showperc: option('showperc', boolean, true),
  fields: own<readonly string[]>('<field-list>', 'a field name', (r) =>
    readFields(r, who, (f) => `The '${f}' field is specified multiple times.`),
  ),
  by: clause(
    'BY',
    own<readonly string[]>('<field-list>', 'a field name', (r) => {
      if (r.done) throw r.refuse("Field(s) to split on are expected after the 'by' keyword.")
      return readFields(r, who, (f) => `The split by field '${f}' cannot be repeated.`)
    }),
  ),
})

function readFields(r: ArgumentReader, who: string, repeated: (field: string) => string): readonly string[] {
  const fields: string[] = []
  const spans: Span[] = []
  do {
    r.skipSeparators()
    const start = r.pos
    const w = r.optionHere() ? undefined : r.word(FIELD)
    if (!w) throw r.unexpected()
    if (w.text === '_tc') throw refusal(who, `The '${w.text}' field name is reserved for internal use.`, w.span)
    if (fields.includes(w.text)) throw refusal(who, repeated(w.text), w.span)
    fields.push(w.text)
    spans.push(r.from(start))
  } while (!r.done && !r.stops())
  r.spans = spans
  return fields
}

/** Refuses what the parts together cannot mean. @throws SplProblem of phase `setup` */
export function checkFrequency(who: string, a: FrequencyArguments): void {
  const inputs = [...a.fields, ...(a.by ?? [])]
  const twice = a.fields.find((f) => a.by?.includes(f))
  if (twice !== undefined) throw refusal(who, `The split by field '${twice}' cannot be repeated.`)
  if (limitOf(a) > MOST) throw refusal(who, `The limit must be <= ${MOST}.`)
  if (a.showcount && inputs.includes(a.countfield)) throw refusal(who, conflict('count', a.countfield))
  if (a.showperc && inputs.includes(a.percentfield)) throw refusal(who, conflict('percent', a.percentfield))
  if (a.showcount && a.showperc && a.countfield === a.percentfield)
    throw refusal(who, 'The output count field cannot have the same name as the output percent field.')
}

const conflict = (kind: string, field: string) =>
  `The output ${kind} field conflicts with the input field '${field}'. Use the '${kind}field' option to specify a different name.`

/** 0 means all, of which there are no more than the limit of the limits. */
const limitOf = ({ count, limit }: FrequencyArguments): number => (limit ?? count ?? 10) || MOST

/** The counting of one task. */
export function frequency(
  who: string,
  a: FrequencyArguments,
  { descending, other }: Pick<RankedArguments, 'descending' | 'other'>,
  context: RunContext,
) {
  return ranked(
    {
      command: who,
      fields: a.fields,
      by: a.by ?? [],
      limit: limitOf(a),
      descending,
      other,
      countField: a.showcount ? a.countfield : undefined,
      percentField: a.showperc ? a.percentfield : undefined,
    },
    context,
  )
}
