import type { Stanzas } from '../conf'

/** Megabytes, or a share of the disk. */
export type FreeSpace = number | `${number}%`

const PERCENT = /^\d+(\.\d+)?%$/

/** What must be free on the disk for events to be taken; undefined where nothing is said. @source server.conf.spec, [diskUsage] */
export function minFreeSpace(stanzas: Stanzas): { readonly least: FreeSpace | undefined; readonly faults: readonly string[] } {
  const text = stanzas.get('diskUsage')?.minFreeSpace?.trim()
  if (text === undefined) return { least: undefined, faults: [] }
  if (/^\d+$/.test(text)) return { least: Number(text), faults: [] }
  if (PERCENT.test(text) && Number.parseFloat(text) <= 100) return { least: text as FreeSpace, faults: [] }
  return {
    least: undefined,
    faults: [`server.conf [diskUsage] minFreeSpace = ${text}: neither megabytes nor a share of the disk such as 10%`],
  }
}
