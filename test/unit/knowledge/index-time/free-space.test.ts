import { readConf, stanzasOf } from '../../../../knowledge/conf'
import { minFreeSpace } from '../../../../knowledge/index-time/free-space'

const read = (value: string) => minFreeSpace(stanzasOf(readConf(`[diskUsage]\nminFreeSpace = ${value}`)))

test('megabytes, or a share of the disk; nothing where nothing is said', () => {
  expect([read('2000'), read('0'), read('12.5%')].map((r) => r.least)).toEqual([2000, 0, '12.5%'])
  expect(minFreeSpace(new Map())).toEqual({ least: undefined, faults: [] })
})

test.each(['much', '-5', '5 GB', '101%', ''])('named and left out: %j', (value) => {
  expect(read(value)).toEqual({ least: undefined, faults: [expect.stringContaining(`minFreeSpace = ${value}: neither`)] })
})
