import { createHash } from 'node:crypto'
import { once } from 'node:events'
import {
  createReadStream,
  createWriteStream,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { pathToFileURL } from 'node:url'
import { createGunzip } from 'node:zlib'
import type { HecEvent } from '../data/generate.mjs'
import { jsonEvents } from './json-events'

/**
 * Events on the disk: `raw` holds the texts, each with a separator after it, and `meta` a line of time, host, source type and source for each.
 * So other tools read the same bytes, and ours are given them without a parser's cost.
 */
export interface DataSet {
  readonly raw: string
  readonly meta: string
  readonly separator: '\n' | '\0'
  readonly events: number
  /** Of the texts, without separators. */
  readonly bytes: number
  /** A term of exactly one event. */
  readonly rare: string
}
export type Form = 'xml' | 'text'

/** So many events are runs of ftp that read a script: `commands.scr`, which a quarter of them names, is in 0.04 % of all. */
export const SCRIPT_RATE = 0.0016

export const generatorOf = (root: string): string => join(root, 'data', 'generate.mjs')
/** By its path: it is a module of the other kind, and stays outside the bundle. */
export const generatorModule = (root: string): Promise<typeof import('../data/generate.mjs')> =>
  import(pathToFileURL(generatorOf(root)).href)

/** Events of the project's own generator. They are kept: half a million take half a minute. */
export async function synthetic(
  folder: string,
  root: string,
  { form, count }: { readonly form: Form; readonly count: number },
): Promise<DataSet> {
  const generator = generatorOf(root)
  const { asHec, DEFAULTS, events } = await generatorModule(root)
  const version = createHash('sha1').update(readFileSync(generator)).update(String(SCRIPT_RATE)).digest('hex')
  return made(folder, `${form}-${count}-${version.slice(0, 8)}`, form === 'xml' ? '\n' : '\0', function* () {
    for (const e of events(count, { ...DEFAULTS, scriptRate: SCRIPT_RATE })) yield asHec(e, form)
  })
}

/** The JSON events of `json-events.ts`. */
export function json(folder: string, root: string, count: number): Promise<DataSet> {
  const version = createHash('sha1')
    .update(readFileSync(join(root, 'bench', 'json-events.ts')))
    .digest('hex')
  return made(folder, `json-${count}-${version.slice(0, 8)}`, '\n', () => jsonEvents(count))
}

/** Real events, where the file is there. */
export function real(folder: string, file: string, most: number): Promise<DataSet> | undefined {
  if (!existsSync(file)) return undefined
  return made(folder, `real-${most}`, '\n', async function* () {
    let n = 0
    for await (const line of createInterface({ input: createReadStream(file).pipe(createGunzip()), crlfDelay: Number.POSITIVE_INFINITY })) {
      if (n++ === most) return
      const e = JSON.parse(line) as Omit<HecEvent, 'event'> & { readonly raw: string }
      yield { ...e, event: e.raw.replaceAll('\n', '\t') }
    }
  })
}

type Source = () => Iterable<HecEvent> | AsyncIterable<HecEvent>

async function made(folder: string, name: string, separator: DataSet['separator'], source: Source): Promise<DataSet> {
  const at = join(folder, name)
  const facts = join(at, 'facts.json')
  if (existsSync(facts)) return JSON.parse(readFileSync(facts, 'utf8')) as DataSet
  // Data of an older generator.
  if (existsSync(folder))
    for (const old of readdirSync(folder)) if (old.startsWith(name.replace(/[^-]*$/, ''))) rmSync(join(folder, old), { recursive: true })
  const part = `${at}.part`
  mkdirSync(part, { recursive: true })
  const found = await written(part, separator, source)
  const set: DataSet = { raw: join(at, 'raw'), meta: join(at, 'meta'), separator, ...found }
  writeFileSync(join(part, 'facts.json'), JSON.stringify(set))
  renameSync(part, at)
  return set
}

async function written(folder: string, separator: string, source: Source): Promise<Pick<DataSet, 'events' | 'bytes' | 'rare'>> {
  const raw = new Writer(join(folder, 'raw'))
  const meta = new Writer(join(folder, 'meta'))
  const guids = new Map<string, number>()
  let count = 0
  let bytes = 0
  for await (const e of source()) {
    bytes += Buffer.byteLength(e.event)
    count++
    for (const [, guid] of e.event.matchAll(/\{([0-9A-Fa-f]{8}-[0-9A-Fa-f-]{27})\}/g)) guids.set(guid!, (guids.get(guid!) ?? 0) + 1)
    await raw.add(e.event + separator)
    await meta.add(`${[e.time, e.host, e.sourcetype, e.source].join('\t')}\n`)
  }
  await raw.end()
  await meta.end()
  const single = [...guids].filter(([, n]) => n === 1).map(([guid]) => guid)
  return { events: count, bytes, rare: single[single.length >> 1] ?? '' }
}

class Writer {
  private readonly out
  private held = ''
  constructor(path: string) {
    this.out = createWriteStream(path)
  }
  async add(text: string): Promise<void> {
    this.held += text
    if (this.held.length > 1 << 20) await this.flush()
  }
  private async flush(): Promise<void> {
    const free = this.out.write(this.held)
    this.held = ''
    if (!free) await once(this.out, 'drain')
  }
  async end(): Promise<void> {
    await this.flush()
    this.out.end()
    await once(this.out, 'finish')
  }
}
