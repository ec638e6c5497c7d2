import { type Demand, wants, wantsPattern } from '../spl/batch/demand'
import { dateColumns } from '../storage/date-fields'

/** What the store has of every event beside its text. No extraction reaches over these: all events have them. */
const BESIDE_TEXT = new Set(['_cd', '_indextime', '_time', 'host', 'index', 'source', 'sourcetype', 'splunk_server'])
/** What no extraction makes: it is kept of no event. */
const OF_TEXT = ['_raw', 'linecount', 'punct', ...Object.keys(dateColumns)]

/** Whether the texts of events must be read for a demand, closed by what its fields are made from. */
export const needsText = (closed: Demand): boolean => wantsPattern(closed) || closed.fields.some((f) => !BESIDE_TEXT.has(f))

/**
 * The fields that may do instead of the texts, for whoever has kept them; undefined where nothing does. What is made from them may ask for
 * more, and says so with TextMissing.
 */
export function fieldsInstead(asked: Demand, closed: Demand): readonly string[] | undefined {
  if (wantsPattern(asked) || OF_TEXT.some((f) => wants(asked, f))) return undefined
  return closed.fields.filter((f) => !BESIDE_TEXT.has(f) && !OF_TEXT.includes(f))
}
