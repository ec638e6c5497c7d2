/** How events are made: the same options give the same bytes. */
export interface GeneratorOptions {
  readonly seed: number
  /** Epoch seconds of the first event. */
  readonly start: number
  readonly hours: number
  /** Share of events that are FTP runs which read a script. */
  readonly scriptRate: number
}
export interface MadeEvent {
  /** Epoch seconds. */
  readonly time: number
  readonly host: string
  readonly record: number
  readonly script: boolean
  /** Names and values of EventData. */
  readonly data: readonly (readonly [string, string])[]
}
export interface HecEvent {
  readonly time: number
  readonly host: string
  readonly source: string
  readonly sourcetype: string
  readonly event: string
}
export declare const DEFAULTS: GeneratorOptions
export declare const SAMPLE: GeneratorOptions & { readonly count: number }
export declare function events(count: number, options?: GeneratorOptions): Generator<MadeEvent>
export declare function asXml(e: MadeEvent): string
export declare function asText(e: MadeEvent): string
export declare function asHec(e: MadeEvent, form: 'xml' | 'text'): HecEvent
export declare function lines(count: number, form: 'xml' | 'text' | 'both', options?: GeneratorOptions): Generator<string>
