import fc from 'fast-check'
import type { Predicate } from '../../../spl/expressions/predicate'
import { Bits } from '../../../storage/backends/sqlite/bits'
import { looseEvents } from '../../../storage/backends/sqlite/block'
import { filterable } from '../../../storage/backends/sqlite/filterable'
import { pack, unpack, unpackSmall } from '../../../storage/backends/sqlite/packed'
import { lengthOfRows, readRows, writeRows } from '../../../storage/backends/sqlite/row-set'
import { rangesOf } from '../../../storage/backends/sqlite/tail-snapshot'
import { punctOf } from '../../../storage/event-batch'
import { chosenIndexes, validIndexName } from '../../../storage/index-names'
import { blockFilter } from '../../../storage/matching/block-filter'
import { decides, eventFilter } from '../../../storage/matching/event-filter'
import { event, predicate } from '../../contract/event-store'

/** Zigzag, seven bits a byte, of any size. */
function packedReference(list: readonly number[]): number[] {
  const out: number[] = []
  for (const [i, n] of list.entries()) {
    const d = BigInt(n) - BigInt(list[i - 1] ?? 0)
    let z = d < 0n ? -d * 2n - 1n : d * 2n
    for (; z > 127n; z >>= 7n) out.push(Number(z & 127n) | 128)
    out.push(Number(z))
  }
  return out
}

test('packed numbers come back, whatever they are', () => {
  // Differences must be whole numbers that a double holds.
  const half = 2 ** 52 - 1
  const whole = fc.oneof(
    fc.maxSafeInteger().map((n) => Math.trunc(n / 2)),
    fc.integer(),
    fc.constantFrom(0, -1, half, -half),
  )
  fc.assert(
    fc.property(fc.array(whole), (numbers) => {
      const list = numbers.map((n) => n + 0)
      expect([...pack(list)]).toEqual(packedReference(list))
      expect([...unpack(pack(list), list.length)]).toEqual(list)
    }),
  )
  const small = fc.oneof(fc.nat(), fc.nat(300), fc.constantFrom(0, 1, 2 ** 31 - 1))
  fc.assert(fc.property(fc.array(small), (list) => expect([...unpackSmall(pack(list), list.length)]).toEqual(list)))
  expect(unpackSmall(pack([0, 2 ** 31 - 1, 2 ** 32 - 2, 1]).subarray(0, 12), 3)).toEqual(Uint32Array.of(0, 2 ** 31 - 1, 2 ** 32 - 2))
  // Of what is damaged something comes, and an end.
  expect([unpack(Buffer.from([128]), 2).length, unpackSmall(Buffer.from([255]), 2).length]).toEqual([2, 2])
})

test('rows of a block come back, however many they are', () => {
  const sets = fc
    .integer({ min: 1, max: 256 })
    .chain((rows) =>
      fc.record({ rows: fc.constant(rows), set: fc.uniqueArray(fc.nat(rows - 1), { minLength: 1, maxLength: rows }), not: fc.boolean() }),
    )
  fc.assert(
    fc.property(sets, ({ rows, set, not }) => {
      const chosen = Array.from({ length: rows }, (_, row) => (set.includes(row) === not ? 0 : 1))
      const bits = new Uint32Array(8)
      for (const [row, bit] of chosen.entries()) bits[row >> 5]! |= bit << (row & 31)
      const count = chosen.filter((bit) => bit === 1).length
      fc.pre(count > 0)
      const out = new Uint8Array(300)
      const end = writeRows(out, 3, bits, { rows, count })
      expect([...readRows(out, 3, rows)]).toEqual(chosen)
      expect(lengthOfRows(out, 3)).toBe(end - 3)
      expect(end - 3).toBeLessThanOrEqual(33)
    }),
  )
})

test('bits: of a list, and, or, in order', () => {
  const a = Bits.of('1,31,32,64,900', 70)
  const b = Bits.of('64,2,31', 70)
  a.and(b)
  expect([a.list(), a.has(31), a.has(1)]).toEqual([[31, 64], true, false])
  a.or(Bits.of('0,70', 70))
  expect([a.list(), a.empty, Bits.of(null, 70).empty]).toEqual([[0, 31, 64, 70], false, true])
})

test('serials as stretches', () => {
  expect([...rangesOf('5,3,4,9')]).toEqual([3, 5, 9, 9])
  expect(rangesOf(null)).toHaveLength(0)
})

test.each([
  ['a=1 b=2', '=_='],
  ['x\ty é!\nnext?', 't_!'],
  ['-'.repeat(50), '-'.repeat(30)],
])('punct of %j', (text, wanted) => expect(punctOf(text)).toBe(wanted))

test('index names', () => {
  expect(['main', '_audit', 'a-b_9', '-a', 'A', 'x kvstore', '', 'kvstores'].filter(validIndexName)).toEqual(['main', '_audit', 'a-b_9'])
  expect(chosenIndexes(['_a', 'b', 'c'], ['*'], ['*', '_*'])).toEqual(['b', 'c'])
  expect(chosenIndexes(['_a', 'b', 'c'], ['_*', 'B'], ['*', '_a'])).toEqual(['_a', 'b'])
})

/** Filters of every kind of node over a few hosts and sources. */
const filters: fc.Arbitrary<Predicate> = fc.letrec<{ node: Predicate }>((tie) => ({
  node: fc.oneof(
    { maxDepth: 4 },
    fc
      .constantFrom(
        ['host', '=', 'h1'] as const,
        ['host', '!=', 'H1'] as const,
        ['source', '=', 's*'] as const,
        ['source', '=', 's2'] as const,
        ['user', '=', 'x'] as const,
        ['host', '<', 'h2'] as const,
      )
      .map((compare) => predicate({ compare })),
    fc.constantFrom('a', 'b').map((word) => predicate({ word })),
    fc.boolean().map((always) => predicate({ always })),
    tie('node').map((not) => predicate({ not })),
    fc.array(tie('node'), { maxLength: 3 }).map((and) => predicate({ and })),
    fc.array(tie('node'), { maxLength: 3 }).map((or) => predicate({ or })),
  ),
})).node

/** The truth with `user=x` and `host<h2` as given. */
function truth(p: Predicate, e: { host: string; source: string; raw: string }, open: boolean): boolean {
  if ('and' in p) return p.and.every((c) => truth(c, e, open))
  if ('or' in p) return p.or.some((c) => truth(c, e, open))
  if ('not' in p) return !truth(p.not, e, open)
  if ('always' in p) return p.always
  if ('word' in p) return e.raw.split(' ').includes(p.word)
  if (!('compare' in p)) throw new Error('BUG: no such node')
  const [field, op, value] = p.compare
  if (field === 'user' || op === '<') return open
  const same = value.endsWith('*') ? e[field as 'source'].startsWith(value.slice(0, -1)) : e[field as 'host'] === value.toLowerCase()
  return op === '=' ? same : !same
}

test('filters of blocks and of events never drop what may match, and are exact where they say so', () => {
  const one = fc.record({ host: fc.constantFrom('h1', 'h2'), raw: fc.constantFrom('a', 'b', 'a b', '') })
  fc.assert(
    fc.property(filters, fc.array(one, { minLength: 1, maxLength: 4 }), fc.constantFrom('s1', 's2'), (filter, rows, source) => {
      const events = looseEvents(rows.map((r, i) => ({ ...event(r.raw, 100 - i, { host: r.host, source }), serial: i })))
      const found = eventFilter(filter)(filterable(events, 'main'))
      const mask = found === 'all' ? rows.map(() => 1) : found
      const keep =
        blockFilter(filter)?.({ index: 'main', sourcetype: 'app_log', source, hosts: [...new Set(rows.map((r) => r.host))] }) ?? true
      const exact = decides(filter)
      rows.forEach((r, i) => {
        const may = truth(filter, { ...r, source }, true) || truth(filter, { ...r, source }, false)
        if (may) expect([keep, mask?.[i]]).toEqual([true, 1])
        else if (exact) expect(mask?.[i] ?? 0).toBe(0)
      })
    }),
    { numRuns: 500 },
  )
})
