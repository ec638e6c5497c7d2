import { EngineHead } from '../../search/engine-head'
import type { Listening, ListenSettings } from '../../server/listen'
import { lineLog } from '../../server/log'
import { adminAccount, collectorToken, DEFAULT_PASSWORD, DEFAULT_TOKEN, serverSettings, USUAL_PORTS } from '../../server/settings'
import { headOptions } from '../head-flags'
import type { Terminal } from '../terminal'
import { servedApps } from './served-apps'
import type { ServeFlags } from './settings'

export interface Server {
  readonly head: EngineHead
  readonly listening: Listening
  /** Takes no new calls; ends jobs, then connections. */
  close(): Promise<void>
}

/** Settings of the listeners as the flags say. Without ports of their own the others are free ones where the first is. */
export function listenSettings(flags: ServeFlags, terminal: Terminal): ListenSettings {
  const free = flags.port === 0
  return {
    ...serverSettings({
      accounts: [adminAccount(flags.password ?? DEFAULT_PASSWORD)],
      tokens: [collectorToken(flags['hec-token'] ?? DEFAULT_TOKEN)],
      apps: servedApps(flags.app),
      timeZone: flags.tz,
      log: lineLog(flags['log-level'], (line) => terminal.err(line)),
    }),
    address: flags.host,
    ports: {
      management: flags.port,
      collector: flags['hec-port'] ?? (free ? 0 : USUAL_PORTS.collector),
      web: flags['web-port'] ?? (free ? 0 : USUAL_PORTS.web),
    },
    tls: !flags['no-tls'],
  }
}

/** Starts the engine, then the listeners. @throws Error when a port is taken or the store cannot be opened */
export async function startServer(flags: ServeFlags, settings: ListenSettings): Promise<Server> {
  const starting = EngineHead.start({
    ...headOptions(flags),
    ...(flags.db !== undefined && { db: flags.db }),
    log: (text) => settings.log.error(text),
  })
  // While the engine comes up beside this process: reading Express and making the certificate take as long.
  const { listen, prepared } = require('../../server/listen') as typeof import('../../server/listen')
  const certificate = prepared(settings)
  certificate.catch(() => {})
  const head = await starting
  try {
    const listening = await listen(head, settings, certificate)
    // Side by side: calls in flight may wait for jobs that only the head ends.
    return { head, listening, close: async () => void (await Promise.all([listening.close(), head.close()])) }
  } catch (error) {
    await head.close()
    throw error
  }
}
