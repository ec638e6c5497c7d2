/** A worker thread of the ingest: segments and compresses blocks, in the order in which they come. */
import { parentPort, workerData } from 'node:worker_threads'
import type { Segmentation } from '../../../spl/segments/segmentation'
import type { Codec } from './codec'
import { newSegmenter, type SealedText, type SealSettings, sealText } from './seal-text'

/** The buffer may be longer than the texts: it is used again. */
export interface ToSeal {
  readonly buffer: ArrayBuffer
  readonly offsets: Uint32Array
  readonly segmentation: Segmentation | undefined
  /** Absent: that of the settings. */
  readonly codec: Codec | undefined
}
export type FromIngest = { readonly buffer: ArrayBuffer; readonly sealed: SealedText } | { readonly failed: string }

const settings = workerData as SealSettings
const port = parentPort!
const segmenter = newSegmenter()

port.on('message', (m: ToSeal | 'close') => {
  if (m === 'close') port.close()
  else seal(m)
})

function seal({ buffer, offsets, segmentation, codec = settings.codec }: ToSeal): void {
  try {
    const sealed = sealText({ data: Buffer.from(buffer, 0, offsets.at(-1)!), offsets, segmentation }, segmenter, { ...settings, codec })
    const own = { ...sealed, raw: owned(sealed.raw), terms: owned(sealed.terms), postings: owned(sealed.postings) }
    const answer: FromIngest = { buffer, sealed: own }
    port.postMessage(answer, [buffer, ...[own.raw, own.terms, own.postings].map((b) => b.buffer as ArrayBuffer)])
  } catch (error) {
    const answer: FromIngest = { failed: error instanceof Error ? (error.stack ?? error.message) : String(error) }
    port.postMessage(answer)
  }
}

/** In memory of its own, which can be handed over: small buffers share theirs, those of an add-on cannot be moved. */
function owned(data: Buffer): Buffer {
  const out = Buffer.from(new ArrayBuffer(data.length))
  data.copy(out)
  return out
}
