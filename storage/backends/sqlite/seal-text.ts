import type { Segmentation } from '../../../spl/segments/segmentation'
import { TermSet } from '../../../spl/segments/term-set'
import { BlockTerms } from './block-terms'
import { CODECS, type Codec, compress } from './codec'
import { packPostings } from './postings'

/** The texts of a block's events, one after another: event i is data[offsets[i]] … data[offsets[i + 1]]. Plain data. */
export interface BlockTexts {
  readonly data: Buffer
  readonly offsets: Uint32Array
  /** How all of them are cut; absent: in full. */
  readonly segmentation?: Segmentation | undefined
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
  /** Which events hold them, for those of several events: `packPostings`. */
  readonly postings: Buffer
}

export interface SealSettings {
  readonly codec: Codec
  /** Events of a block that a term must stand in to get postings. */
  readonly postingsFrom: number
}
/** What a thread makes blocks with. */
export interface Segmenter {
  /** For events that are cut in full, while it has room; the other does all. */
  readonly fast: BlockTerms
  readonly any: TermSet
}
export const newSegmenter = (): Segmenter => ({ fast: new BlockTerms(), any: new TermSet(undefined, true) })

/** Segments and compresses. @param segmenter empty, and empty again afterwards */
export function sealText(block: BlockTexts, segmenter: Segmenter, { codec, postingsFrom }: SealSettings): SealedText {
  const { data, offsets } = block
  const terms = termsOf(block, segmenter)
  const sealed = {
    codec: CODECS[codec],
    raw: compress(data, codec),
    len: data.length,
    plain: terms.foldsMore ? 0 : 1,
    terms: Buffer.from(terms.text()),
    postings: packPostings(terms, offsets.length - 1, postingsFrom),
  }
  terms.reset()
  return sealed
}

function termsOf({ data, offsets, segmentation = 'full' }: BlockTexts, { fast, any }: Segmenter): BlockTerms | TermSet {
  if (segmentation === 'full' && fast.fill(data, offsets)) return fast
  for (let i = 0; i + 1 < offsets.length; i++) any.add(data, offsets[i]!, offsets[i + 1]!, segmentation)
  return any
}
