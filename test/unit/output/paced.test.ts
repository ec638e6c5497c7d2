import { paced } from '../../../output/paced'
import { EXPORT_TIME, RESULT_TIME, withTimes } from '../../../output/times'
import { UTC } from '../../../spl/values/time/zone'

test('a long text gives the event loop turns and loses nothing', async () => {
  const pieces = Array.from({ length: 25_000 }, (_, i) => `${i}\n`)
  let turns = 0
  let running = true
  const count = () => {
    turns++
    if (running) setImmediate(count)
  }
  setImmediate(count)
  let text = ''
  for await (const part of paced(pieces)) text += part
  running = false
  expect(text).toBe(pieces.join(''))
  expect(turns).toBeGreaterThanOrEqual(25)
})

test('_time is written from its epoch number, in both forms', () => {
  const table = {
    fields: ['a', '_time'],
    rows: [
      ['1', '1412776158.5'],
      ['2', 'never'],
      ['3', null],
    ],
  }
  expect(withTimes(table, RESULT_TIME, UTC).rows.map((row) => row[1])).toEqual(['2014-10-08T13:49:18.500+00:00', 'never', null])
  expect(withTimes(table, EXPORT_TIME, UTC).rows[0]![1]).toBe('2014-10-08 13:49:18.500 UTC')
  expect(withTimes({ fields: ['a'], rows: [['1412776158']] }, RESULT_TIME, UTC).rows).toEqual([['1412776158']])
})
