import { readApps } from '../../knowledge/apps'
import { mergeConfs } from '../../knowledge/layers'
import { type ServedApp, serverSettings } from '../../server/settings'

/** The apps that clients are told of: those that every server has, and the user's own. @throws Error for a folder that is not there */
export function servedApps(folders: readonly string[]): readonly ServedApp[] {
  const usual = serverSettings().apps
  const own = readApps(folders).map(({ name, defaults, local }) => {
    const conf = mergeConfs([defaults, local].flatMap((confs) => confs.get('app') ?? []))
    return { name, label: conf.get('ui')?.label ?? name, version: conf.get('launcher')?.version ?? '' }
  })
  return [...usual.filter(({ name }) => !own.some((app) => app.name === name)), ...own]
}
