import type { TermSet } from '../../../spl/segments/term-set'
import { CODECS, type Codec, compress } from './codec'

/** The texts of a block's events, one after another: event i is data[offsets[i]] … data[offsets[i + 1]]. Plain data. */
export interface BlockTexts {
  readonly data: Buffer
  readonly offsets: Uint32Array
}

/** What costs the time in making a block: plain data, made in any thread. */
export interface SealedText {
  readonly codec: number
  readonly raw: Buffer
  /** Bytes of the texts before they were compressed. */
  readonly len: number
  /** 1: folding changes nothing but A–Z. */
  readonly plain: number
  /** The distinct terms with a blank between. */
  readonly terms: Buffer
}

/** Segments and compresses. @param terms an empty set, which is empty again afterwards */
export function sealText({ data, offsets }: BlockTexts, terms: TermSet, codec: Codec): SealedText {
  for (let i = 0; i + 1 < offsets.length; i++) terms.add(data, offsets[i]!, offsets[i + 1]!)
  const sealed = {
    codec: CODECS[codec],
    raw: compress(data, codec),
    len: data.length,
    plain: terms.foldsMore ? 0 : 1,
    terms: Buffer.from(terms.text()),
  }
  terms.reset()
  return sealed
}
