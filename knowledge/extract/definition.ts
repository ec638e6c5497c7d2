import type { Problem } from '../../spl/text/problem'

/** A stanza of a .conf file, merged over its layers. */
export type Settings = Readonly<Record<string, string>>
export type Stanzas = Readonly<Record<string, Settings>>

/** What search-time extraction is made from. */
export interface ExtractionKnowledge {
  readonly props: Stanzas
  readonly transforms: Stanzas
}

/** What props.conf goes by. */
export interface Origin {
  readonly sourcetype: string
  readonly source: string
  readonly host: string
}

/** Texts and groups that are joined. */
export type Template = readonly (string | { readonly group: number | string })[]

/** How the values of a step get into fields. */
export interface Keeping {
  /** The name that messages use: `EXTRACT-class`, a transforms stanza, `KV_MODE`. */
  readonly title: string
  /** The field that is read. */
  readonly from: string
  /** Later values of a field are added instead of dropped. */
  readonly adds: boolean
  readonly keepsEmpty: boolean
  readonly cleansKeys: boolean
  /** Values are written as in XML. */
  readonly decodesXml: boolean
}

export type Step = Keeping &
  (
    | {
        readonly kind: 'regex'
        readonly pattern: string
        /** Compiled as under `(?ms)`. */
        readonly lines: boolean
        readonly fields: readonly { readonly name: Template; readonly value: Template }[]
      }
    | { readonly kind: 'delimited'; readonly pairs: string; readonly inside: string | undefined; readonly fields: readonly string[] }
    | { readonly kind: 'auto'; readonly escapes: boolean }
    | { readonly kind: 'json' }
    | { readonly kind: 'xml' }
  )

export interface Alias {
  readonly from: string
  readonly to: string
  /** ASNEW: a value that is there stays. */
  readonly keeps: boolean
}

/** What a stanza set asks for that is refused. Fields that only it could give. */
export interface Refused {
  readonly fields: readonly string[]
  readonly problem: Problem
}

/** Search-time extraction of one (sourcetype, source, host), as plain data. The lists stand in Splunk's search-time order. */
export interface Extraction {
  /** The sourcetype that searches see, where `rename` gives another. */
  readonly renamed: string | undefined
  readonly steps: readonly Step[]
  readonly aliases: readonly Alias[]
  readonly calculated: readonly { readonly field: string; readonly text: string; readonly stanza: string }[]
  readonly refused: readonly Refused[]
  /** What was passed over, as Splunk passes over it: a transform that is not there, a regex that does not compile. */
  readonly problems: readonly Problem[]
}
