import { bucketsOf, floorToSpan, nextBucket, numericBucket } from '../../../../../spl/values/time/buckets'
import { autoSpan, BadSpan, nominalSeconds, numericSpan, parseSpan, type TimeSpan, timeSpan } from '../../../../../spl/values/time/span'
import { strftime } from '../../../../../spl/values/time/strftime'
import { UTC, zone } from '../../../../../spl/values/time/zone'

const seconds = (count: number): TimeSpan => ({ kind: 'fixed', micros: count * 1e6 })

describe('reading', () => {
  test.each([
    ['5m', seconds(300)],
    ['90s', seconds(90)],
    ['2hrs', seconds(7200)],
    ['24h', seconds(86_400)],
    ['1d', { kind: 'days', count: 1 }],
    ['7days', { kind: 'days', count: 7 }],
    ['1w', { kind: 'weeks', count: 1, firstDay: 0 }],
    ['w@w1', { kind: 'weeks', count: 1, firstDay: 1 }],
    ['2w@w7', { kind: 'weeks', count: 2, firstDay: 0 }],
    ['1mon', { kind: 'months', count: 1 }],
    ['1qtr', { kind: 'months', count: 3 }],
    ['2y', { kind: 'months', count: 24 }],
    ['500ms', { kind: 'fixed', micros: 500_000 }],
    ['1us', { kind: 'fixed', micros: 1 }],
    ['25cs', { kind: 'fixed', micros: 250_000 }],
    ['2ds', { kind: 'fixed', micros: 200_000 }],
    ['10', { kind: 'number', width: 10, decimals: 0 }],
    ['0.5', { kind: 'number', width: 0.5, decimals: 1 }],
    ['.25', { kind: 'number', width: 0.25, decimals: 2 }],
    ['log', { kind: 'log', coefficient: 1, base: 10 }],
    ['log2', { kind: 'log', coefficient: 1, base: 2 }],
    ['2log5', { kind: 'log', coefficient: 2, base: 5 }],
    ['1.5log2.5', { kind: 'log', coefficient: 1.5, base: 2.5 }],
  ])('%s', (text, expected) => {
    expect(parseSpan(text)).toEqual(expected)
  })

  test.each(['', 'h', '5x', '1.5m', '-5m', '5 m', 'm@h', 'd@d', '1e3', 'log2x', 'abc'])('no span: %s', (text) => {
    expect(parseSpan(text)).toBeUndefined()
  })

  test.each([
    ['0', 'not-positive'],
    ['-5', 'not-positive'],
    ['0s', 'not-positive'],
    ['300ms', 'subsecond'],
    ['1000ms', 'subsecond'],
    ['3ds', 'subsecond'],
    ['5log2', 'log'],
    ['2log2', 'log'],
    ['log1', 'log'],
    ['0.5log2', 'log'],
  ])('refused: %s as %s', (text, reason) => {
    expect(() => parseSpan(text)).toThrow(expect.objectContaining({ reason }))
    expect(() => parseSpan(text)).toThrow(BadSpan)
  })

  test('a number on a time field is seconds', () => {
    expect(timeSpan('300')).toEqual(seconds(300))
    expect(timeSpan('0.5')).toBeUndefined()
    expect(timeSpan('log2')).toBeUndefined()
    expect(() => timeSpan('0')).toThrow("The numerical span '0' is invalid. It must be > 0.")
    expect(numericSpan('5m')).toBeUndefined()
  })
})

describe('buckets', () => {
  const at = (t: number, text: string, zoneName = 'UTC', origin = 0) => {
    const z = zone(zoneName)
    return strftime(floorToSpan(t, timeSpan(text)!, z, origin), '%F %T', z)
  }

  test.each([
    [1_700_006_399, '5m', '2023-11-14 23:55:00'],
    [1_700_006_700, '5m', '2023-11-15 00:05:00'],
    [1_700_006_399, '1d', '2023-11-14 00:00:00'],
    [1_700_006_400, '1d', '2023-11-15 00:00:00'],
    [1_700_006_400, '1mon', '2023-11-01 00:00:00'],
    [1_700_006_400, '1q', '2023-10-01 00:00:00'],
    [1_700_006_400, '1y', '2023-01-01 00:00:00'],
    [1_700_006_400, '1w', '2023-11-12 00:00:00'],
    [1_700_006_400, '1w@w1', '2023-11-13 00:00:00'],
    [1_700_006_400, '1w@w4', '2023-11-09 00:00:00'],
    [1_700_006_400, '7h', '2023-11-14 20:00:00'],
    [1_700_006_399, '2d', '2023-11-13 00:00:00'],
    [1_700_006_400, '2d', '2023-11-15 00:00:00'],
    [-1, '1h', '1969-12-31 23:00:00'],
    [-1, '1mon', '1969-12-01 00:00:00'],
  ])('%d by %s', (t, text, expected) => {
    expect(at(t, text)).toBe(expected)
  })

  test('aligntime moves fixed buckets, not calendar ones', () => {
    const threeAm = 1_700_017_200
    expect(at(1_700_006_400, '12h', 'UTC', threeAm)).toBe('2023-11-14 15:00:00')
    expect(at(1_700_020_800, '12h', 'UTC', threeAm)).toBe('2023-11-15 03:00:00')
    expect(at(1_700_006_400, '1d', 'UTC', threeAm)).toBe('2023-11-15 00:00:00')
  })

  test('microseconds are exact', () => {
    const ms = timeSpan('1ms')!
    expect(floorToSpan(1_521_467_703.049, ms, UTC)).toBe(1_521_467_703.049)
    expect(floorToSpan(1_521_467_703.0499, ms, UTC)).toBe(1_521_467_703.049)
    expect(floorToSpan(1_521_467_703.123456, timeSpan('1us')!, UTC)).toBe(1_521_467_703.123456)
    expect(floorToSpan(1_521_467_703.2, timeSpan('2ds')!, UTC)).toBe(1_521_467_703.2)
    expect(nextBucket(1_521_467_703.049, ms, UTC)).toBe(1_521_467_703.05)
  })

  test('24h is not 1d where the clock changes', () => {
    const noon = 1_772_985_600 // 2026-03-08 12:00 EDT
    expect(at(noon, '1d', 'America/New_York')).toBe('2026-03-08 00:00:00')
    expect(at(noon, '24h', 'America/New_York')).toBe('2026-03-07 19:00:00')
  })

  test('a day of 23 hours', () => {
    const newYork = zone('America/New_York')
    const day = bucketsOf({ kind: 'days', count: 1 }, newYork)
    const start = day.startOf(1_772_985_600)
    expect(start).toBe(1_772_946_000)
    expect(day.next(start) - start).toBe(23 * 3600)
    expect(day.startOf(day.next(start) - 0.001)).toBe(start)
    expect(day.startOf(day.next(start))).toBe(1_773_028_800)
  })

  test('no number, no bucket', () => {
    expect(floorToSpan(Number.NaN, { kind: 'days', count: 1 }, UTC)).toBeNaN()
    expect(floorToSpan(Number.NaN, seconds(1), UTC)).toBeNaN()
  })
})

test.each([
  [5, '10', 0, 10],
  [10, '10', 10, 20],
  [-0.5, '1', -1, 0],
  [1.2, '0.5', 1, 1.5],
  [0.3, '0.1', 0.3, 0.4],
  [0.57, '0.01', 0.57, 0.58],
  [0.6999, '0.1', 0.6, 0.7],
  [3, 'log2', 2, 4],
  [64, 'log2', 64, 128],
  [0.3, 'log2', 0.25, 0.5],
  [1000, 'log', 1000, 10_000],
  [999, 'log', 100, 1000],
  [12, '2log5', 10, 50],
  [0, 'log2', 0, 0],
  [-3, 'log2', -4, -2],
])('%d by %s', (value, text, low, high) => {
  expect(numericBucket(value, numericSpan(text)!)).toEqual({ low, high })
})

test('infinity has no log bucket', () => {
  expect(numericBucket(Number.POSITIVE_INFINITY, numericSpan('log2')!).low).toBe(Number.POSITIVE_INFINITY)
})

describe('automatic span', () => {
  test.each([
    [900, seconds(10)],
    [3600, seconds(60)],
    [4 * 3600, seconds(300)],
    [86_400, seconds(1800)],
    [7 * 86_400, { kind: 'days', count: 1 }],
    [30 * 86_400, { kind: 'days', count: 1 }],
    [365 * 86_400, { kind: 'months', count: 1 }],
    [100, seconds(1)],
    [101, seconds(5)],
    [0, seconds(1)],
    [1e12, { kind: 'months', count: 1 }],
  ])('%d s', (range, expected) => {
    expect(autoSpan(0, range, 100)).toEqual(expected)
  })

  test('minspan', () => {
    expect(autoSpan(0, 900, 100, seconds(900))).toEqual(seconds(1800))
    expect(autoSpan(0, 900, 100, seconds(5))).toEqual(seconds(10))
    expect(autoSpan(0, 900, 100, { kind: 'months', count: 12 })).toEqual({ kind: 'months', count: 12 })
  })

  test('nominal lengths', () => {
    expect(['500ms', '1d', '1w', '1mon', '1q', '1y'].map((text) => nominalSeconds(timeSpan(text)!))).toEqual([
      0.5, 86_400, 604_800, 2_592_000, 7_776_000, 31_536_000,
    ])
  })
})
