import { readdirSync, readFileSync, statSync } from 'node:fs'
import { basename, join, parse, resolve } from 'node:path'
import { type Conf, type ConfFault, readConf, type Stanzas } from './conf'
import { mergeConfs } from './layers'

/** Files of a folder by name without `.conf`: `props`, `macros`, … */
export type ConfFolder = ReadonlyMap<string, Conf>

export interface App {
  /** Name of its folder. */
  readonly name: string
  readonly folder: string
  readonly defaults: ConfFolder
  readonly local: ConfFolder
  /** metadata/default.meta under metadata/local.meta; undefined where the app has neither. */
  readonly metadata: Stanzas | undefined
  /** Lookup files by name, with their paths. */
  readonly lookups: ReadonlyMap<string, string>
}

/** Private objects of a user in an app. */
export interface UserFolder {
  readonly user: string
  readonly app: string
  readonly confs: ConfFolder
}

const PARTS = ['default', 'local', 'metadata', 'lookups']

/**
 * The apps of the folders: a folder that holds default/, local/, metadata/ or lookups/ is an app, another one is a folder of apps.
 * Apps that app.conf disables are left out. Of two apps with one name the later folder's stands.
 * @throws Error for a folder that is not there
 */
export function readApps(folders: readonly string[]): readonly App[] {
  const apps = new Map<string, App>()
  for (const path of folders.flatMap((folder) => appFolders(resolve(folder)))) {
    const app = readApp(path)
    if (!disabled(app)) apps.set(app.name, app)
  }
  return [...apps.values()].sort((a, b) => (a.name < b.name ? -1 : 1))
}

function appFolders(folder: string): readonly string[] {
  if (!isFolder(folder)) throw new Error(`There is no app folder ${folder}.`)
  if (isApp(folder)) return [folder]
  return names(folder)
    .map((name) => join(folder, name))
    .filter(isApp)
}

function readApp(folder: string): App {
  const meta = ['default.meta', 'local.meta'].map((file) => join(folder, 'metadata', file)).filter(isFile)
  const lookups = join(folder, 'lookups')
  const files = names(lookups).filter((name) => isFile(join(lookups, name)))
  return {
    name: basename(folder),
    folder,
    defaults: readConfFolder(join(folder, 'default')),
    local: readConfFolder(join(folder, 'local')),
    metadata: meta.length > 0 ? mergeConfs(meta.map(readFile)) : undefined,
    lookups: new Map(files.map((name) => [name, join(lookups, name)])),
  }
}

/** Every .conf file of a folder; none where the folder is not there. */
export function readConfFolder(folder: string): ConfFolder {
  const files = names(folder).filter((name) => name.endsWith('.conf'))
  return new Map(files.map((name) => [parse(name).name, readFile(join(folder, name))]))
}

/** What users keep to themselves: folder/<user>/<app>/local/*.conf. @throws Error for a folder that is not there */
export function readUsers(folder: string): readonly UserFolder[] {
  if (!isFolder(folder)) throw new Error(`There is no users folder ${folder}.`)
  return names(folder).flatMap((user) =>
    names(join(folder, user)).map((app) => ({ user, app, confs: readConfFolder(join(folder, user, app, 'local')) })),
  )
}

/** Lines of an app's files that could not be read. */
export const faultsOf = (confs: ConfFolder): readonly ConfFault[] => [...confs.values()].flatMap((conf) => conf.faults)

function disabled(app: App): boolean {
  const confs = [app.defaults, app.local].flatMap((folder) => folder.get('app') ?? [])
  return mergeConfs(confs).get('install')?.state === 'disabled'
}

const readFile = (path: string): Conf => readConf(readFileSync(path, 'utf8'), path)
const names = (folder: string): readonly string[] => (isFolder(folder) ? readdirSync(folder).sort() : [])
const isApp = (folder: string): boolean => isFolder(folder) && PARTS.some((part) => isFolder(join(folder, part)))
const isFolder = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false
const isFile = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isFile() ?? false
