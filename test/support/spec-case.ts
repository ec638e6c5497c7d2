import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'yaml'

export type ExpectedCell = string | readonly string[]
export interface SpecEvent {
  readonly _time: number
  readonly _raw: string
  readonly sourcetype?: string
  readonly source?: string
  readonly host?: string
  readonly index?: string
  /** Indexed fields. */
  readonly fields?: Readonly<Record<string, string | readonly string[]>>
}
export interface Given {
  readonly sourcetype?: string
  readonly source?: string
  readonly host?: string
  readonly index?: string
  readonly events?: readonly SpecEvent[]
  readonly lookups?: Readonly<Record<string, string>>
  /** Text of .conf files by name, put into the search app. */
  readonly conf?: Readonly<Record<string, string>>
}
export type Expect =
  | {
      readonly rows: readonly Readonly<Record<string, ExpectedCell>>[]
      readonly order?: 'strict' | 'any'
      readonly fields?: readonly string[]
      /** Parts of warnings and notes that must be there. */
      readonly messages?: readonly string[]
    }
  | {
      readonly error: true
      readonly message?: string
      /** The text that is underlined. */
      readonly at?: string
    }

/** One case of the specs; the format is described in test/spec/README.md. */
export interface SpecCase {
  readonly id: string
  readonly topic: string
  readonly source: string
  readonly why: string
  readonly now?: number
  readonly given?: Given
  readonly search: string
  readonly expect: Expect
  /** Path of the file that it stands in. */
  readonly file: string
}

/** All cases of a file, or of the YAML files under a folder, in the order in which they stand. */
export function loadCases(path: string): SpecCase[] {
  if (statSync(path).isDirectory()) {
    return readdirSync(path, { withFileTypes: true })
      .sort((a, b) => (a.name < b.name ? -1 : 1))
      .filter((e) => e.isDirectory() || e.name.endsWith('.yaml'))
      .flatMap((e) => loadCases(join(path, e.name)))
  }
  const cases = parse(readFileSync(path, 'utf8')) as readonly Omit<SpecCase, 'file'>[] | null
  return (cases ?? []).map((c) => ({ ...c, file: path }))
}
