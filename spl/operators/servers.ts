import type { RunContext } from '../syntax/behaviour'
import { wildcard } from '../values/wildcard'

/** Whether `splunk_server=` means this server, as it does where it is not there. */
export const isHere = (server: string | undefined, { host }: RunContext): boolean =>
  server === undefined || server === 'local' || wildcard(server, true).test(host.serverName)
