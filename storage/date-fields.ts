import { civilOf, DAY, weekdayOf } from '../spl/values/time/civil'

/**
 * The `date_*` fields: the parts of the timestamp as they are written in the event, in its own zone. An event whose text had no timestamp
 * (its time came from HEC, a file or the clock) has none of them, as in Splunk. `zone`: minutes east of UTC, or `local` for text that names
 * no zone, which is read as UTC here. @source Knowledge Manager Manual, "About default fields"
 */
type DateField = (micros: number, zone: string) => string

const WEEKDAYS = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday']
const MONTHS = ['january', 'february', 'march', 'april', 'may', 'june', 'july', 'august', 'september', 'october', 'november', 'december']

const clock = (micros: number, zone: string) => Math.floor(micros / 1e6) + (zone === 'local' ? 0 : Number(zone) * 60)
const part =
  (of: (c: ReturnType<typeof civilOf>) => number): DateField =>
  (micros, zone) =>
    String(of(civilOf(clock(micros, zone), 0)))

export const dateColumns: Readonly<Record<string, DateField>> = {
  date_hour: part((c) => c.hour),
  date_mday: part((c) => c.day),
  date_minute: part((c) => c.minute),
  date_month: (micros, zone) => MONTHS[civilOf(clock(micros, zone), 0).month - 1]!,
  date_second: part((c) => c.second),
  date_wday: (micros, zone) => WEEKDAYS[weekdayOf(Math.floor(clock(micros, zone) / DAY))]!,
  date_year: part((c) => c.year),
  date_zone: (_micros, zone) => zone,
}
