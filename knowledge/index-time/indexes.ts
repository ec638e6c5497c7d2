import { DEFAULT_STANZA, type Settings, type Stanzas } from '../conf'
import { isTrue, withDefaults } from '../layers'

/** How the files of an index are cut, how long they stay, how texts are compressed; what is not said is absent. */
export interface IndexLimits {
  readonly maxDataSizeMB?: number
  readonly maxHotSpanSecs?: number
  readonly frozenTimePeriodInSecs?: number
  readonly maxTotalDataSizeMB?: number
  readonly journalCompression?: Compression
}
export type Compression = (typeof COMPRESSIONS)[number]
const COMPRESSIONS = ['gzip', 'lz4', 'zstd'] as const
export interface IndexDefinitions {
  /** Of every index that says nothing itself. */
  readonly defaults: IndexLimits
  readonly byName: ReadonlyMap<string, IndexLimits>
  /** Values that say nothing, one line each. */
  readonly faults: readonly string[]
}

/** Stanzas of indexes.conf that are no index. */
const OTHERS = /^(volume:|provider:|provider-family:)/

/** What indexes.conf says of indexes. @source indexes.conf.spec */
export function indexDefinitions(stanzas: Stanzas): IndexDefinitions {
  const faults: string[] = []
  const named = [...withDefaults(stanzas)].filter(([name, s]) => !OTHERS.test(name) && !isTrue(s.disabled))
  const byName = new Map(named.map(([name, s]) => [name, limitsOf(name, s, faults)]))
  return { defaults: limitsOf(DEFAULT_STANZA, stanzas.get(DEFAULT_STANZA) ?? {}, faults), byName, faults: [...new Set(faults)] }
}

function limitsOf(name: string, s: Settings, faults: string[]): IndexLimits {
  const read = (key: string, named: Readonly<Record<string, number>> = {}): number | undefined => {
    const text = s[key]?.trim()
    if (text === undefined) return undefined
    const value = named[text] ?? (/^\d+$/.test(text) ? Number(text) : 0)
    if (value > 0) return value
    faults.push(`indexes.conf [${name}] ${key} = ${text}: not a number above 0`)
    return undefined
  }
  const compression = s.journalCompression?.trim()
  const known = COMPRESSIONS.find((c) => c === compression)
  if (compression !== undefined && !known)
    faults.push(`indexes.conf [${name}] journalCompression = ${compression}: not one of ${COMPRESSIONS.join(', ')}`)
  const limits = {
    maxDataSizeMB: read('maxDataSize', { auto: 750, auto_high_volume: 10_240 }),
    maxHotSpanSecs: read('maxHotSpanSecs'),
    frozenTimePeriodInSecs: read('frozenTimePeriodInSecs'),
    maxTotalDataSizeMB: read('maxTotalDataSizeMB'),
    journalCompression: known,
  }
  return Object.fromEntries(Object.entries(limits).filter(([, value]) => value !== undefined))
}
