import { type Demand, wantsPattern } from '../spl/batch/demand'

/** What the store has of every event beside its text. No extraction reaches over these: all events have them. */
const BESIDE_TEXT = new Set(['_cd', '_indextime', '_time', 'host', 'index', 'source', 'sourcetype', 'splunk_server'])

/** Whether the texts of events must be read for a demand, closed by what its fields are made from. */
export const needsText = (demand: Demand): boolean => wantsPattern(demand) || demand.fields.some((f) => !BESIDE_TEXT.has(f))
