import { createHash } from 'node:crypto'
import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { type App, type ConfFolder, faultsOf, readApps, readUsers, type UserFolder } from './apps'
import { type Conf, type ConfFault, readConf } from './conf'
import { packageFolder } from './package-folder'

/**
 * All knowledge at one moment. Never changed once made, and plain data (arrays, maps, texts), so that it can be sent to other threads
 * and processes; a search keeps the one that it started with.
 */
export interface Knowledge {
  /** Hash of what the snapshot holds: equal knowledge has equal versions. */
  readonly version: string
  readonly system: { readonly defaults: ConfFolder; readonly local: ConfFolder }
  /** In byte order of their names. */
  readonly apps: readonly App[]
  readonly users: readonly UserFolder[]
  /** Lines of the files that could not be read. */
  readonly faults: readonly ConfFault[]
}

/** .conf texts by name (`props`, `macros`, …) that come from no app: settings of the command line, inputs of a test. */
export type ConfTexts = Readonly<Record<string, string>>

export interface KnowledgeSources {
  /** Apps, or folders of apps. */
  readonly appFolders: readonly string[]
  /** Put over the package's own defaults (`defaults`) and over everything in global context (`local`). */
  readonly systemLayers?: { readonly defaults?: ConfTexts; readonly local?: ConfTexts }
  /** Folder of `<user>/<app>/local/`. */
  readonly usersFolder?: string
}

/**
 * Reads what the folders hold, over the package's macros.conf as the lowest layer.
 * @throws Error for a folder that is not there
 */
export function loadKnowledge({ appFolders, systemLayers = {}, usersFolder }: KnowledgeSources): Knowledge {
  const system = { defaults: systemDefaults(systemLayers.defaults ?? {}), local: confsOf(systemLayers.local ?? {}, 'system/local') }
  const apps = readApps(appFolders)
  const users = usersFolder === undefined ? [] : readUsers(usersFolder)
  const folders = [system.defaults, system.local, ...apps.flatMap((a) => [a.defaults, a.local]), ...users.map((u) => u.confs)]
  return { version: versionOf({ system, apps, users }), system, apps, users, faults: folders.flatMap(faultsOf) }
}

function systemDefaults(texts: ConfTexts): ConfFolder {
  const file = join(packageFolder(), 'macros', 'macros.conf')
  const own = readConf(readFileSync(file, 'utf8'), file)
  const given = confsOf(texts, 'system/default')
  return new Map([...given, ['macros', above(own, given.get('macros'))]])
}

/** Two files as one: the upper's keys come later in a stanza, and the last value of a key stands. */
function above(lower: Conf, upper: Conf | undefined): Conf {
  if (!upper) return lower
  return { file: lower.file, stanzas: [...lower.stanzas, ...upper.stanzas], faults: [...lower.faults, ...upper.faults] }
}

const confsOf = (texts: ConfTexts, where: string): ConfFolder =>
  new Map(Object.entries(texts).map(([name, text]) => [name, readConf(text, `${where}/${name}.conf`)]))

/** Lookup files count with size and time of change: they are read later, by version, and may be large. */
function versionOf(parts: Pick<Knowledge, 'system' | 'apps' | 'users'>): string {
  const lookups = parts.apps.flatMap((a) => [...a.lookups.values()]).map((path) => statSync(path))
  const sizes = lookups.map((s) => [s.size, s.mtimeMs])
  const text = JSON.stringify([parts, sizes], (_key, value: unknown) => (value instanceof Map ? [...value] : value))
  return createHash('sha256').update(text).digest('hex').slice(0, 16)
}
