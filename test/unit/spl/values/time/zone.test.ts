import { BadTime } from '../../../../../spl/values/time/bad-time'
import { findZone, UTC, zone } from '../../../../../spl/values/time/zone'

const newYork = zone('America/New_York')
const clock = (z: { toLocal(t: number): { hour: number; minute: number; day: number } }, t: number) => {
  const c = z.toLocal(t)
  return [c.day, c.hour, c.minute]
}
/** A local time from `2026-03-08 02:30:00`. */
const civil = (text: string, micros = 0) => {
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = text.split(/[- :]/).map(Number)
  return { year, month, day, hour, minute, second, micros }
}

test('UTC', () => {
  expect(UTC.toLocal(1_787_578_215.25)).toEqual(civil('2026-08-24 13:30:15', 250_000))
  expect(UTC.fromLocal(civil('2026-08-24 13:30:15', 250_000))).toBe(1_787_578_215.25)
  expect(UTC.toLocal(-0.5)).toEqual(civil('1969-12-31 23:59:59', 500_000))
  for (const name of ['UTC', 'utc', 'Z', 'Etc/UTC']) expect(zone(name)).toBe(UTC)
})

test.each([
  ['+05:30', 19_800, '+0530'],
  ['-0800', -28_800, '-08'],
  ['+00:00', 0, '+00'],
  ['GMT', 0, 'GMT'],
])('fixed zone %s', (name, offset, abbreviation) => {
  expect(zone(name).offsetAt(1_787_578_215)).toBe(offset)
  expect(zone(name).fixed).toBe(offset)
  expect(zone(name).abbreviationAt(1_787_578_215)).toBe(abbreviation)
})

test.each(['', 'Nowhere', 'America/Nowhere', '+25:00', '+5'])('no zone: %s', (name) => {
  expect(findZone(name)).toBeUndefined()
  expect(() => zone(name)).toThrow(BadTime)
})

test.each([
  // 2026-03-08 07:00:00 UTC: 02:00 EST becomes 03:00 EDT.
  [1_772_953_199, -18_000, 'EST'],
  [1_772_953_200, -14_400, 'EDT'],
  // 2026-11-01 06:00:00 UTC: 02:00 EDT becomes 01:00 EST.
  [1_793_512_799, -14_400, 'EDT'],
  [1_793_512_800, -18_000, 'EST'],
  [0, -18_000, 'EST'],
])('New York at %d', (t, offset, abbreviation) => {
  expect(newYork.offsetAt(t)).toBe(offset)
  expect(newYork.abbreviationAt(t)).toBe(abbreviation)
})

test('a local time in a gap moves forward, of an overlap it is the first', () => {
  expect(clock(newYork, newYork.fromLocal(civil('2026-03-08 02:30:00')))).toEqual([8, 3, 30])
  expect(newYork.fromLocal(civil('2026-11-01 01:30:00'))).toBe(1_793_511_000)
  expect(newYork.fromLocal(civil('2026-11-01 02:00:00'))).toBe(1_793_516_400)
  // São Paulo had its gap at midnight: 2018-11-04 begins at 01:00.
  expect(zone('America/Sao_Paulo').fromLocal(civil('2018-11-04 00:00:00'))).toBe(1_541_300_400)
  expect(clock(zone('America/Sao_Paulo'), 1_541_300_400)).toEqual([4, 1, 0])
})

test.each([
  ['Europe/Berlin', 1_787_578_215, 'CEST', 7200],
  ['Europe/London', 1_787_578_215, 'BST', 3600],
  ['Asia/Kolkata', 1_787_578_215, 'IST', 19_800],
  ['Asia/Tokyo', 1_787_578_215, 'JST', 32_400],
  ['Australia/Sydney', 1_787_578_215, 'AEST', 36_000],
  ['America/Sao_Paulo', 1_787_578_215, '-03', -10_800],
  ['Asia/Kathmandu', 1_787_578_215, '+0545', 20_700],
  ['Europe/Lisbon', 741_916_800, 'CEST', 7200],
])('%s at %d is %s', (name, t, abbreviation, offset) => {
  expect(zone(name).offsetAt(t)).toBe(offset)
  expect(zone(name).abbreviationAt(t)).toBe(abbreviation)
})

test('numbers far outside the calendar do not throw', () => {
  for (const t of [1e18, -1e18]) expect(newYork.offsetAt(t)).toBeLessThan(0)
})
