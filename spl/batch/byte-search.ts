/**
 * What is looked for in texts as bytes: literals and runs of character classes, one after another, each run ended by what cannot be part of
 * it, so that nothing is ever given back.
 */
export type BytePart =
  | { readonly kind: 'literal'; readonly bytes: Uint8Array }
  /** `set[byte]` is 1 for what belongs to it; bytes of other characters than ASCII's all do or all do not. */
  | {
      readonly kind: 'run'
      readonly set: Uint8Array
      readonly least: number
      readonly most: number
      readonly possessive: boolean
      readonly lazy: boolean
    }
  | { readonly kind: 'open'; readonly group: number }
  | { readonly kind: 'close'; readonly group: number }
  | { readonly kind: 'line start' }

/** The value of a group in the first match of each event that has one. */
export interface FrameSearch {
  /** The match begins where it stands; with `key`, it ends the key and what follows it. Not empty. */
  readonly needle: Uint8Array
  readonly key?: {
    /** What keys are made of: as many as stand before the needle belong to it. */
    readonly set: Uint8Array
    /** Bytes of the match before the key. */
    readonly before: number
    /** Whether what stands between the begin of the key and the needle may be there as long as it has no letter A–Z, a–z; else nothing may. */
    readonly cleans: boolean
  }
  readonly parts: readonly BytePart[]
  readonly group: number
  /** Whether an empty value is one. Without: the first match counts all the same, but with `key` the next one does. */
  readonly keepsEmpty: boolean
}
/**
 * The value of a name in events that are JSON, as it stands there; of events for which it cannot be told as simply as that (several keys
 * that lead to it, keys with escapes) the whole text: it begins as no value does, with a bracket or a blank.
 */
export interface JsonNameSearch {
  /** Not empty: `a.b` for `b` in `a`. It leads into no array. */
  readonly name: Uint8Array
  /** Of these one stands in every event that has it. None is empty. */
  readonly needles: readonly Uint8Array[]
}
export type ByteSearch = FrameSearch | JsonNameSearch

/** Takes the value of a row: where it stands in the data, which is good until it returns. */
export type TakeBytes = (row: number, data: Buffer, start: number, end: number) => void
