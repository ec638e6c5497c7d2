import type { App, ConfFolder } from './apps'
import type { Conf, Stanzas } from './conf'
import type { ExtractionKnowledge } from './extract/definition'
import { enabledStanzas, mergeConfs, withDefaults } from './layers'
import type { Knowledge } from './snapshot'

/** Who asks. `global` is index time; a search has the app that it runs in and, where it is known, its user. */
export type Context = 'global' | { readonly app: string; readonly user?: string }

/**
 * The files of a name, lowest precedence first.
 *
 * Global: system default, app defaults, app locals, system local; among apps the first name in byte order wins.
 * App and user: system default, system local, the other apps (of each its default, then its local; the last name wins; only what they
 * export), the app itself, the user's own.
 * @source Admin Manual, "Configuration file precedence"
 */
export function confsIn(knowledge: Knowledge, conf: string, context: Context): readonly Conf[] {
  const { system, apps } = knowledge
  const of = (folders: readonly ConfFolder[]) => folders.flatMap((folder) => folder.get(conf) ?? [])
  if (context === 'global') {
    const lastFirst = [...apps].reverse()
    return of([system.defaults, ...lastFirst.map((a) => a.defaults), ...lastFirst.map((a) => a.local), system.local])
  }
  const own = apps.find((a) => a.name === context.app)
  const others = apps.filter((a) => a !== own)
  const users = knowledge.users.filter((u) => u.app === context.app && u.user === context.user)
  return [
    ...of([system.defaults, system.local]),
    ...others.flatMap((app) => of([app.defaults, app.local]).map((c) => exported(c, conf, app))),
    ...of(own ? [own.defaults, own.local] : []),
    ...of(users.map((u) => u.confs)),
  ]
}

/**
 * Whether other apps see a stanza. The metadata says so for the stanza, else for its file, else for the app.
 * DIFFERS: an app without any metadata is shared; Splunk keeps it to itself. An app that is handed to a stand-in as a folder of
 * macros is meant to be seen by the searches under test, whatever app they run in.
 */
function isExported(app: App, conf: string, stanza: string): boolean {
  if (!app.metadata) return true
  const keys = [`${conf}/${encoded(stanza)}`, `${conf}/${stanza}`, conf, '']
  const said = keys.map((key) => app.metadata!.get(key)?.export).find((value) => value !== undefined)
  return said === 'system'
}

function exported(file: Conf, conf: string, app: App): Conf {
  return { ...file, stanzas: file.stanzas.filter((s) => isExported(app, conf, s.name)) }
}

/** As metadata files write names: `[macros/group_events%282%29]`. */
const encoded = (name: string): string =>
  encodeURIComponent(name).replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`)

const KNOWN = new WeakMap<Knowledge, Map<string, Stanzas>>()

/**
 * The merged stanzas of a file, `[default]` among them and not yet inherited from: what props.conf needs, where several stanzas
 * apply to one event. Kept for as long as the snapshot.
 */
export function stanzasIn(knowledge: Knowledge, conf: string, context: Context): Stanzas {
  let known = KNOWN.get(knowledge)
  if (!known) KNOWN.set(knowledge, (known = new Map()))
  const key = JSON.stringify([conf, context])
  let found = known.get(key)
  if (!found) known.set(key, (found = mergeConfs(confsIn(knowledge, conf, context))))
  return found
}

/** The stanzas of a file with what they inherit from `[default]`; those with `disabled` are left out unless they are asked for. */
export function objectsIn(knowledge: Knowledge, conf: string, context: Context, andDisabled = false): Stanzas {
  const all = withDefaults(stanzasIn(knowledge, conf, context))
  return andDisabled ? all : enabledStanzas(all)
}

/** Where a stanza is said with the highest precedence, for messages. */
export function placeOf(
  knowledge: Knowledge,
  conf: string,
  stanza: string,
  context: Context,
): { readonly file: string; readonly line: number } | undefined {
  for (const file of [...confsIn(knowledge, conf, context)].reverse()) {
    const found = file.stanzas.find((s) => s.name === stanza)
    if (found) return { file: file.file, line: found.line }
  }
  return undefined
}

/** The path of a lookup file that the context sees: the app's own first, then the other apps', the last name first. */
export function lookupFileIn(knowledge: Knowledge, file: string, context: Context): string | undefined {
  const own = context === 'global' ? undefined : knowledge.apps.find((a) => a.name === context.app)
  const others = [...knowledge.apps].reverse().filter((a) => a !== own && (context === 'global' || isExported(a, 'lookups', file)))
  return [...(own ? [own] : []), ...others].map((a) => a.lookups.get(file)).find((path) => path !== undefined)
}

/**
 * What search-time extraction is made from, as plain records: props.conf with `[default]` as a stanza of its own, transforms.conf
 * with what its stanzas inherit.
 */
export function extractionIn(knowledge: Knowledge, context: Context): ExtractionKnowledge {
  return {
    props: Object.fromEntries(stanzasIn(knowledge, 'props', context)),
    transforms: Object.fromEntries(objectsIn(knowledge, 'transforms', context)),
  }
}
