import { compared, type Entry } from '../../../bench/history'
import { faster, figure, type Result, rounds } from '../../../bench/measure'
import { markdown, missedFloors } from '../../../bench/table'

const result = (value: number, floor?: number): Result => ({
  row: 'rare',
  what: 'a | b',
  figures: [figure('ours', 'ms', [3, 1, 2])],
  ratios: [{ over: 'ripgrep', value, ...(floor !== undefined && { floor }), aim: 10 }],
  notes: ['1 event'],
})

test('a figure is the median, with its bounds', () => {
  expect(figure('x', 'ms', [9, 1, 3, 2])).toEqual({ name: 'x', unit: 'ms', median: 2.5, least: 1, most: 9, runs: 4 })
  expect(figure('x', 'ms', [9, 1, 3]).median).toBe(3)
})

test('a ratio above 1 says that ours is faster', () => {
  expect(faster(figure('ours', 'ms', [2]), figure('theirs', 'ms', [10]), { floor: 3 })).toEqual({ over: 'theirs', value: 5, floor: 3 })
})

test('each job is run once a round; one that knows its own time is believed', async () => {
  const order: string[] = []
  const job = (name: string) => async () => {
    order.push(name)
    return { milliseconds: name === 'a' ? 7 : 8 }
  }
  expect(await rounds(2, [job('a'), job('b')])).toEqual([
    [7, 7],
    [8, 8],
  ])
  expect(order).toEqual(['a', 'b', 'a', 'b'])
})

test('the table says what is below its floor and what has reached its aim', () => {
  const row = (r: Result) => markdown([r]).split('\n')[2]
  expect(row(result(2, 3))).toBe('| a \\| b | **2×** ripgrep, below the floor of 3 | ours 2 ms (1–3, 3×) | 1 event |')
  expect(row(result(4, 3))).toContain('**4×** ripgrep, aim 10 |')
  expect(row(result(12, 3))).toContain('**12×** ripgrep, the aim of 10 reached |')
})

test('the floors missed, each with its row', () => {
  expect(missedFloors([result(2, 3), result(4, 3), result(1)])).toEqual(['rare: 2× ripgrep, floor 3'])
})

test('ratios are compared with those of the same row and tool', () => {
  const then: Entry = { commit: 'abc', date: '2024-03-04T00:00:00Z', node: 'v20', cpu: '2', size: 1, results: [result(4)] }
  expect(
    compared([result(2)], then)
      .split('\n')
      .slice(1),
  ).toEqual(['  0.50×  rare: ripgrep'])
})
