import { toMicros } from '../../../spl/values/time/civil'
import type { IndexFile } from './catalogue'

/** A file as a snapshot sees it. */
export interface SnapshotFile extends IndexFile {
  readonly rank: number
  readonly lastBlock: number
  /** How often events were removed from it. */
  readonly removals: number
  /** Serials of the events that no block held: first, last, first, last, … */
  readonly tail: Float64Array
}
/** Equal keys, equal blocks, whenever they are read. */
export const keyOf = (f: SnapshotFile): string => `${f.index}/${f.bucket}/${f.removals}`

/** Of some blocks, as `Stretch.key`. */
export const stretchKey = (f: SnapshotFile, first: number, last: number): string => `${keyOf(f)}/${first}-${last}`
/** Where the stretch of a key lies. */
export function placeOf(key: string): IndexFile & { readonly first: number } {
  const [index, bucket, , blocks] = key.split('/')
  return { index: index!, bucket: Number(bucket), first: Number.parseInt(blocks!, 10) }
}

/** A block that may hold what is looked for. */
export interface FileCandidate {
  readonly id: number
  readonly n: number
  readonly tmin: number
  readonly tmax: number
}

/** Infinity is no SQL number. */
export const bound = (seconds: number) => Math.max(-Number.MAX_SAFE_INTEGER, Math.min(Number.MAX_SAFE_INTEGER, toMicros(seconds)))
