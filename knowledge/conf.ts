/** Splunk's .conf text, read and written. Text in, data out: no disk. */

export interface ConfEntry {
  readonly key: string
  /** As it stands after the `=`, without the blanks around it; the lines of a continued value are joined by `\n`. */
  readonly value: string
  /** Line of the key, from 1. */
  readonly line: number
}

export interface ConfStanza {
  readonly name: string
  /** Line of its first header, from 1; of its first key for keys that stand before any header. */
  readonly line: number
  /** One entry a key, in the order in which the keys first appear. */
  readonly entries: readonly ConfEntry[]
}

/** A line that says nothing to the reader. */
export interface ConfFault {
  readonly file: string
  readonly line: number
  readonly text: string
}

/** One file, as it was read. Plain data. */
export interface Conf {
  /** What messages call it: its path, or whatever the caller gave. */
  readonly file: string
  readonly stanzas: readonly ConfStanza[]
  readonly faults: readonly ConfFault[]
}

/** The keys of a stanza. */
export type Settings = Readonly<Record<string, string>>
/** Stanzas by name. A map, since names come from users: a source type may be called `constructor`. */
export type Stanzas = ReadonlyMap<string, Settings>

/** The stanza that the others of its file inherit from. */
export const DEFAULT_STANZA = 'default'

/**
 * Reads .conf text: `[stanza]`, `key = value`, `#` comments on lines of their own, `\` before the line end to go on.
 * Keys before any header belong to `[default]`; a stanza that is repeated is one stanza; of a repeated key the last value stands.
 * @param file what messages call the text
 * @source Admin Manual, "Configuration file structure"; `;` begins no comment there
 */
export function readConf(text: string, file = ''): Conf {
  const lines = text.replace(/^\uFEFF/, '').split(/\r?\n/)
  const reading = new ConfReading(file)
  for (let i = 0; i < lines.length; i++) {
    const line = lines[i]!.trim()
    if (line === '' || line.startsWith('#')) continue
    if (line.startsWith('[')) {
      reading.header(line, i + 1)
      continue
    }
    const first = i
    while (lines[i]!.endsWith('\\') && i + 1 < lines.length) i++
    const joined = lines.slice(first, i + 1).map((l, n) => (first + n < i ? l.slice(0, -1) : l))
    reading.entry(joined.join('\n'), first + 1)
  }
  return reading.done()
}

class ConfReading {
  private readonly stanzas = new Map<string, { line: number; entries: Map<string, ConfEntry> }>()
  private readonly faults: ConfFault[] = []
  private name = DEFAULT_STANZA

  constructor(private readonly file: string) {}

  /** A name may hold brackets (`[source::…[a-z].log]`): it ends at the line's last one. */
  header(line: string, at: number): void {
    const end = line.lastIndexOf(']')
    if (end < 0) this.fault(at, line)
    this.name = line.slice(1, end < 0 ? undefined : end)
    this.stanza(at)
  }

  entry(text: string, line: number): void {
    const sign = text.split('\n', 1)[0]!.indexOf('=')
    const key = text.slice(0, Math.max(0, sign)).trim()
    if (key === '') {
      this.fault(line, text.trim())
      return
    }
    this.stanza(line).entries.set(key, { key, value: text.slice(sign + 1).trim(), line })
  }

  done(): Conf {
    const stanzas = [...this.stanzas].map(([name, s]) => ({ name, line: s.line, entries: [...s.entries.values()] }))
    return { file: this.file, stanzas, faults: this.faults }
  }

  private stanza(line: number) {
    let found = this.stanzas.get(this.name)
    if (!found) {
      found = { line, entries: new Map() }
      this.stanzas.set(this.name, found)
    }
    return found
  }

  private fault(line: number, text: string): void {
    this.faults.push({ file: this.file, line, text })
  }
}

/** What a file says, without its places. */
export function stanzasOf(conf: Conf): Stanzas {
  return new Map(conf.stanzas.map((s) => [s.name, Object.fromEntries(s.entries.map((e) => [e.key, e.value]))]))
}

/**
 * Text that reads back as these stanzas.
 * @throws RangeError for what the format cannot say: a value with a carriage return, blanks at an end, or a backslash as its last character; an odd name or key
 */
export function writeConf(stanzas: Stanzas): string {
  return [...stanzas].map(([name, settings]) => stanzaText(name, settings)).join('\n')
}

function stanzaText(name: string, settings: Settings): string {
  if (/[\r\n]/.test(name)) throw unsayable('stanza name', name)
  const lines = Object.entries(settings).map(([key, value]) => {
    if (key === '' || key !== key.trim() || /[=\r\n]|^[#[]/.test(key)) throw unsayable('key', key)
    if (value !== value.trim() || /\r|\\$/.test(value)) throw unsayable(`value of '${key}'`, value)
    return `${key} = ${value.replaceAll('\n', '\\\n')}\n`
  })
  return `[${name}]\n${lines.join('')}`
}

const unsayable = (what: string, text: string) => new RangeError(`A .conf file cannot hold the ${what} ${JSON.stringify(text)}.`)
