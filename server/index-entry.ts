import type { IndexInfo } from '../search/head'
import { appAcl, type Entry, isoTime } from './atom'
import { linkSegment } from './raw-url'

const time = (seconds: number | undefined): string => (seconds === undefined ? '' : isoTime(seconds, true))

/** An index as an entry. @source REST API Reference 9.x, data/indexes; key types measured on 10.4 */
export function indexEntry(info: IndexInfo): Entry {
  const path = `/servicesNS/nobody/search/data/indexes/${linkSegment(info.name)}`
  return {
    name: info.name,
    path,
    author: 'nobody',
    links: { list: path },
    acl: appAcl('search'),
    content: {
      datatype: 'event',
      disabled: false,
      isInternal: info.internal,
      isReady: true,
      isVirtual: false,
      sync: 0,
      defaultDatabase: 'main',
      totalEventCount: info.eventCount,
      currentDBSizeMB: String(Math.ceil(info.sizeOnDisk / 2 ** 20)),
      minTime: time(info.earliest),
      maxTime: time(info.latest),
    },
  }
}
