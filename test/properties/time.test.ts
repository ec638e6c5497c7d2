import fc from 'fast-check'
import { bucketsOf } from '../../spl/values/time/buckets'
import { civilOf, clockSeconds, dateOf, daysOf } from '../../spl/values/time/civil'
import { resolveTime } from '../../spl/values/time/modifiers'
import { timeSpan } from '../../spl/values/time/span'
import { strftime } from '../../spl/values/time/strftime'
import { strptime } from '../../spl/values/time/strptime'
import { zone } from '../../spl/values/time/zone'

const zones = fc
  .constantFrom('UTC', 'America/New_York', 'Europe/Berlin', 'Asia/Kolkata', 'Australia/Lord_Howe', '+05:45')
  .map((name) => zone(name))
/** 1971-01-02 … 2037, whole microseconds. */
const times = fc.integer({ min: 31_622_400e6, max: 2_145_916_800e6 }).map((micros) => micros / 1e6)
const spans = fc
  .constantFrom('1us', '250ms', '1s', '7s', '5m', '1h', '24h', '1d', '3d', '1w', '2w@w3', '1mon', '5mon', '1q', '1y')
  .map((text) => timeSpan(text)!)

test('dates are those of Date.UTC', () => {
  fc.assert(
    fc.property(fc.integer({ min: -719_162, max: 2_932_896 }), (days) => {
      const { year, month, day } = dateOf(days)
      const date = new Date(days * 86_400_000)
      expect([year, month, day]).toEqual([date.getUTCFullYear(), date.getUTCMonth() + 1, date.getUTCDate()])
      expect(daysOf(year, month, day)).toBe(days)
      expect(clockSeconds(civilOf(days * 86_400 + 4711, 0))).toBe(days * 86_400 + 4711)
    }),
  )
})

test('strptime reads what strftime writes', () => {
  fc.assert(
    fc.property(
      times,
      zones,
      fc.constantFrom('%F %T.%6N %z', '%A %d %B %Y %I:%M:%S.%f %p %:z', '%j %Y %H%M%S.%N%Ez', '%s.%6Q', '%G %V %w %T.%6N %::z'),
      (t, z, format) => {
        expect(strptime(strftime(t, format, z), format, z)).toBe(t)
      },
    ),
  )
})

test('local time and back is the same instant, but for the second pass of an overlap', () => {
  fc.assert(
    fc.property(times, zones, (t, z) => {
      const back = z.fromLocal(z.toLocal(t))
      expect(z.toLocal(back)).toEqual(z.toLocal(t))
      expect(back).toBeLessThanOrEqual(t)
    }),
  )
})

test('a time lies in its bucket, and starts and ends of buckets agree', () => {
  fc.assert(
    fc.property(times, spans, zones, fc.integer({ min: 0, max: 100_000 }), (t, span, z, origin) => {
      const buckets = bucketsOf(span, z, origin)
      const start = buckets.startOf(t)
      const next = buckets.next(t)
      expect(start).toBeLessThanOrEqual(t)
      expect(next).toBeGreaterThan(t)
      expect(bucketsOf(span, z, origin).startOf(start)).toBe(start)
      expect(bucketsOf(span, z, origin).startOf(next)).toBe(next)
      expect(bucketsOf(span, z, origin).next(start)).toBe(next)
    }),
  )
})

test('a snap goes down, and again is the same', () => {
  fc.assert(
    fc.property(times, zones, fc.constantFrom('@s', '@m', '@h', '@d', '@w', '@w3', '@mon', '@q', '@y'), (t, z, text) => {
      const snapped = resolveTime(text, t, z)
      expect(snapped).toBeLessThanOrEqual(t)
      expect(resolveTime(text, snapped, z)).toBe(snapped)
    }),
  )
})
