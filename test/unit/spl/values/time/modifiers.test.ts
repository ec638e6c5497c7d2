import { BadTime } from '../../../../../spl/values/time/bad-time'
import { readModifier, resolveTime, type TimeForms } from '../../../../../spl/values/time/modifiers'
import { strftime } from '../../../../../spl/values/time/strftime'
import { UTC, zone } from '../../../../../spl/values/time/zone'

const NOW = 1_787_578_215 // Mon 2026-08-24 13:30:15 UTC
const at = (text: string) => strftime(resolveTime(text, NOW, UTC), '%F %T', UTC)

test.each([
  ['-24h', '2026-08-23 13:30:15'],
  ['-1mon', '2026-07-24 13:30:15'],
  ['-1q', '2026-05-24 13:30:15'],
  ['-1y', '2025-08-24 13:30:15'],
  ['@m', '2026-08-24 13:30:00'],
  ['@h', '2026-08-24 13:00:00'],
  ['@d', '2026-08-24 00:00:00'],
  ['@w', '2026-08-23 00:00:00'],
  ['@w0', '2026-08-23 00:00:00'],
  ['@w1', '2026-08-24 00:00:00'],
  ['@w2', '2026-08-18 00:00:00'],
  ['@w6', '2026-08-22 00:00:00'],
  ['@w7', '2026-08-23 00:00:00'],
  ['@mon', '2026-08-01 00:00:00'],
  ['@q', '2026-07-01 00:00:00'],
  ['@y', '2026-01-01 00:00:00'],
  ['-1mon@mon', '2026-07-01 00:00:00'],
  ['-1d@d+3h', '2026-08-23 03:00:00'],
  ['@d-1h', '2026-08-23 23:00:00'],
  ['@d-2h', '2026-08-23 22:00:00'],
  ['@w1+8h', '2026-08-24 08:00:00'],
  ['-mon@mon', '2026-07-01 00:00:00'],
  ['@w1+1d', '2026-08-25 00:00:00'],
  ['-h', '2026-08-24 12:30:15'],
  ['-30d', '2026-07-25 13:30:15'],
  ['-2hours@h', '2026-08-24 11:00:00'],
  ['-15min', '2026-08-24 13:15:15'],
  ['+1week', '2026-08-31 13:30:15'],
  ['1d', '2026-08-25 13:30:15'],
  ['@s', '2026-08-24 13:30:15'],
  ['-2qtrs@quarter', '2026-01-01 00:00:00'],
  ['-1d-2h+30s', '2026-08-23 11:30:45'],
  ['now', '2026-08-24 13:30:15'],
  ['now()', '2026-08-24 13:30:15'],
  ['0', '1970-01-01 00:00:00'],
  ['1', '1970-01-01 00:00:01'],
])('%s → %s', (text, expected) => {
  expect(at(text)).toBe(expected)
})

test('fractions', () => {
  expect(resolveTime('1521467703.049', NOW, UTC)).toBe(1_521_467_703.049)
  expect(resolveTime('-1h', 1_521_467_703.049, UTC)).toBe(1_521_464_103.049)
  expect(resolveTime('-1d', 1_521_467_703.049, UTC)).toBe(1_521_381_303.049)
  expect(resolveTime('@s', 1_521_467_703.049, UTC)).toBe(1_521_467_703)
})

test.each([
  ['2026-03-31 12:00:00', '-1mon', '2026-02-28 12:00:00'],
  ['2024-03-31 12:00:00', '-1mon', '2024-02-29 12:00:00'],
  ['2024-02-29 00:00:00', '-1y', '2023-02-28 00:00:00'],
  ['2026-01-31 00:00:00', '+1q', '2026-04-30 00:00:00'],
  ['2026-01-15 00:00:00', '-13mon', '2024-12-15 00:00:00'],
  ['2026-03-31 12:00:00', '-1mon@mon', '2026-02-01 00:00:00'],
])('months clamp: %s %s → %s', (from, text, expected) => {
  const start = Date.parse(`${from.replace(' ', 'T')}Z`) / 1000
  expect(strftime(resolveTime(text, start, UTC), '%F %T', UTC)).toBe(expected)
})

describe('America/New_York', () => {
  const newYork = zone('America/New_York')
  const local = (text: string, now: number) => strftime(resolveTime(text, now, newYork), '%F %T %Z', newYork)
  const spring = 1_772_985_600 // Sun 2026-03-08 12:00 EDT, ten hours after the clocks went forward
  const autumn = 1_793_552_400 // Sun 2026-11-01 12:00 EST

  test.each([
    ['-1d', '2026-03-07 12:00:00 EST'],
    ['-24h', '2026-03-07 11:00:00 EST'],
    ['@d', '2026-03-08 00:00:00 EST'],
    ['@d+2h', '2026-03-08 03:00:00 EDT'],
    ['@w', '2026-03-08 00:00:00 EST'],
    ['+1d@d', '2026-03-09 00:00:00 EDT'],
  ])('spring %s → %s', (text, expected) => expect(local(text, spring)).toBe(expected))

  test.each([
    ['-1d', '2026-10-31 12:00:00 EDT'],
    ['-24h', '2026-10-31 13:00:00 EDT'],
    ['@d', '2026-11-01 00:00:00 EDT'],
    ['@d+1h', '2026-11-01 01:00:00 EDT'],
    ['@d+2h', '2026-11-01 01:00:00 EST'],
  ])('autumn %s → %s', (text, expected) => expect(local(text, autumn)).toBe(expected))

  test('a day that lands in the gap moves on', () => {
    expect(local('+1d', 1_772_868_600)).toBe('2026-03-08 03:30:00 EDT')
  })

  test('snaps in zones of half hours follow the local clock', () => {
    expect(resolveTime('@h', NOW, zone('Asia/Kolkata'))).toBe(NOW - 15)
  })
})

test.each<[string, TimeForms, number]>([
  ['11/14/2023:21:13:20', 'search', 1_699_996_400],
  ['10/5/2016:20:00:00', 'search', 1_475_697_600],
  ['10/5/2016:20:00:00', 'parameter', 1_475_697_600],
  ['2023-11-14T22:13:20', 'parameter', 1_700_000_000],
  ['2023-11-14T22:13:20.250Z', 'parameter', 1_700_000_000.25],
  ['2023-11-14T22:13:20.000+01:00', 'parameter', 1_699_996_400],
  ['2023-11-14T22:13:20-0500', 'parameter', 1_700_018_000],
  ['1970-01-01T00:00:00.000+00:00', 'parameter', 0],
  ['-1h', 'parameter', NOW - 3600],
])('%s as %s', (text, forms, expected) => {
  expect(resolveTime(text, NOW, UTC, forms)).toBe(expected)
})

test('absolute times are local', () => {
  expect(resolveTime('11/14/2023:17:13:20', NOW, zone('America/New_York'), 'search')).toBe(1_700_000_000)
})

test.each<[string, TimeForms, number]>([
  ['-30x', 'search', 0],
  ['nope', 'search', 0],
  ['', 'search', 0],
  ['-', 'search', 0],
  ['-30', 'search', 0],
  ['d', 'search', 0],
  ['@', 'search', 0],
  ['@d@', 'search', 2],
  ['@d1', 'search', 0],
  ['@w8', 'search', 2],
  ['-1d3h', 'search', 0],
  ['-1d @d', 'search', 3],
  ['-5ms', 'search', 0],
  ['-1D', 'search', 0],
  ['-1d@x', 'search', 3],
  ['11/14/2023:21:13:20', 'relative', 0],
  ['13/40/2023:21:13:20', 'search', 0],
  ['11/14/2023:21:13:20x', 'search', 0],
  ['2023-11-14T22:13:20', 'search', 0],
  ['2023-02-30T22:13:20', 'parameter', 0],
  ['-9999999999999999999d', 'search', 0],
])('bad: %s as %s', (text, forms, place) => {
  expect(() => resolveTime(text, NOW, UTC, forms)).toThrow(expect.objectContaining({ name: 'BadTime', kind: 'malformed', at: place }))
})

test.each(['rt', 'rtnow', 'rt-5m', 'rt-1d@d'])('real time: %s', (text) => {
  expect(readModifier(text).kind).toBe('realtime')
  expect(() => resolveTime(text, NOW, UTC)).toThrow(expect.objectContaining({ kind: 'realtime' }))
})

test('a bad term of real time is malformed', () => {
  expect(() => readModifier('rt-5x')).toThrow(BadTime)
})
