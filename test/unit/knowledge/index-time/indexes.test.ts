import { readConf, stanzasOf } from '../../../../knowledge/conf'
import { indexDefinitions } from '../../../../knowledge/index-time/indexes'

const read = (text: string) => {
  const { defaults, byName, faults } = indexDefinitions(stanzasOf(readConf(text)))
  return { defaults, byName: Object.fromEntries(byName), faults }
}

test('indexes inherit from [default]; volumes, providers and what is disabled are no indexes', () => {
  expect(
    read(`
frozenTimePeriodInSecs = 86400
[volume:hot]
path = /somewhere
[provider-family:x]
[sysmon]
maxDataSize = auto_high_volume
[web]
maxDataSize = 100
maxHotSpanSecs = 3600
frozenTimePeriodInSecs = 60
maxTotalDataSizeMB = 2000
journalCompression = zstd
[old]
disabled = 1
`),
  ).toEqual({
    defaults: { frozenTimePeriodInSecs: 86_400 },
    byName: {
      sysmon: { maxDataSizeMB: 10_240, frozenTimePeriodInSecs: 86_400 },
      web: { maxDataSizeMB: 100, maxHotSpanSecs: 3600, frozenTimePeriodInSecs: 60, maxTotalDataSizeMB: 2000, journalCompression: 'zstd' },
    },
    faults: [],
  })
})

test('a value that is no number above 0 is named and left out', () => {
  expect(read('[web]\nmaxDataSize = big\nmaxHotSpanSecs = 0')).toEqual({
    defaults: {},
    byName: { web: {} },
    faults: ['indexes.conf [web] maxDataSize = big: not a number above 0', 'indexes.conf [web] maxHotSpanSecs = 0: not a number above 0'],
  })
})

test('an unknown compression is named and left out', () => {
  expect(read('[web]\njournalCompression = zip')).toEqual({
    defaults: {},
    byName: { web: {} },
    faults: ['indexes.conf [web] journalCompression = zip: not one of gzip, lz4, zstd'],
  })
})
