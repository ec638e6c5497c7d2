import { isoTime, type Origin } from './atom'
import type { Request } from './endpoint'

/** What every document of a request names. */
export const originOf = ({ origin, settings, head }: Request): Origin => ({
  origin,
  version: settings.version,
  build: settings.build,
  updated: isoTime(head.now()),
})
