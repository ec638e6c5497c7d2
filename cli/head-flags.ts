import { EVENT_FORMATS, type EventFormat } from '../search/event-files/formats'
import type { TakingFile } from '../search/event-files/take-file'
import { findZone } from '../spl/values/time/zone'
import { choice, type Flag, moment, text, texts, UsageError, type Values } from './flags'

/** Flags of every sub-command that starts a search head. */
export const headFlags = {
  app: texts('DIR', 'an app, or a folder of apps, beside those that ship', { env: 'HEADSTAND_APP' }),
  now: moment('the time that "now" means, fixed: epoch seconds or 2024-05-01T10:00:00Z', { env: 'HEADSTAND_NOW' }),
}

export const headOptions = ({ app, now }: Values<typeof headFlags>) => ({ appFolders: app, ...(now !== undefined && { now }) })

/** The user's time zone; the machine's TZ is not read. */
export const zoneFlag: Flag<string> = {
  placeholder: 'ZONE',
  help: 'time zone of times that are read and written, such as Europe/Vienna',
  env: ['HEADSTAND_TZ'],
  usual: 'UTC',
  read(given) {
    const name = given[given.length - 1] ?? 'UTC'
    if (!findZone(name)) throw new UsageError(`: there is no time zone '${name}'`)
    return name
  },
}

/** Flags of the sub-commands that read events from files. */
export const eventFlags = {
  index: text('NAME', 'index of the events, in place of what the data says (main when it says nothing)', undefined),
  sourcetype: text('NAME', 'their source type, in place of what the data says', undefined),
  source: text('NAME', 'their source, in place of what the data says', undefined),
  host: text('NAME', 'their host, in place of what the data says', undefined),
  format: choice(['auto', ...EVENT_FORMATS], 'how the files are read; auto looks at the first bytes', 'auto'),
}

export function takingOptions({ format, ...origin }: Values<typeof eventFlags>): TakingFile {
  const override = Object.fromEntries(Object.entries(origin).filter(([, value]) => value !== undefined))
  return { override, ...(format !== 'auto' && { format: format as EventFormat }) }
}
