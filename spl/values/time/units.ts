export type Unit = 'us' | 'ms' | 'cs' | 'ds' | 's' | 'm' | 'h' | 'd' | 'w' | 'mon' | 'q' | 'y'

const SPELLINGS: Readonly<Record<Unit, string>> = {
  us: 'us',
  ms: 'ms',
  cs: 'cs',
  ds: 'ds',
  s: 's sec secs second seconds',
  m: 'm min mins minute minutes',
  h: 'h hr hrs hour hours',
  d: 'd day days',
  w: 'w week weeks',
  mon: 'mon month months',
  q: 'q qtr qtrs quarter quarters',
  y: 'y yr yrs year years',
}

/** Every spelling of a time unit; `m` is a minute, `mon` a month. @source Search Reference, "Time modifiers" */
export const UNITS: ReadonlyMap<string, Unit> = new Map(
  (Object.keys(SPELLINGS) as Unit[]).flatMap((unit) => SPELLINGS[unit].split(' ').map((spelling): [string, Unit] => [spelling, unit])),
)

/** Microseconds in the units of fixed length; days and longer depend on the calendar. */
export const FIXED_MICROS: ReadonlyMap<Unit, number> = new Map([
  ['us', 1],
  ['ms', 1e3],
  ['cs', 1e4],
  ['ds', 1e5],
  ['s', 1e6],
  ['m', 60e6],
  ['h', 3600e6],
])

/** Months in the units that count months. */
export const UNIT_MONTHS: ReadonlyMap<Unit, number> = new Map([
  ['mon', 1],
  ['q', 3],
  ['y', 12],
])
