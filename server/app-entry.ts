import { appAcl, type Entry } from './atom'
import { linkSegment } from './raw-url'
import type { ServedApp } from './settings'

/** An app as an entry. @source recorded bodies of apps/local */
export function appEntry({ name, label, version }: ServedApp): Entry {
  const path = `/servicesNS/nobody/system/apps/local/${linkSegment(name)}`
  return {
    name,
    path,
    author: 'nobody',
    links: { list: path },
    acl: appAcl('system'),
    content: {
      label,
      version,
      disabled: false,
      visible: true,
      configured: true,
      check_for_updates: false,
      show_in_nav: true,
      managed_by_deployment_client: false,
      state_change_requires_restart: false,
    },
  }
}
