import { cliCommand } from '../cli-command'
import { serveFlags } from '../serve/settings'
import type { Terminal } from '../terminal'

/** The end takes no longer, whatever hangs. */
const LAST_MOMENT_MILLISECONDS = 4_800

export default cliCommand({
  name: 'serve',
  summary: 'Starts the stand-in search head: REST API, HTTP Event Collector, WebSocket and page; until SIGINT or SIGTERM.',
  flags: serveFlags,
  examples: [
    ['headstand serve', 'a temporary store, on the usual ports'],
    ['headstand serve --port 0 --db ./store', 'a store that is kept, on free ports'],
    ['SPLUNK_PASSWORD=… SPLUNK_HEC_TOKEN=… headstand serve --host 0.0.0.0', 'for other machines'],
  ],
  async run({ flags, terminal }) {
    const ended = terminal.interrupted()
    const { listenSettings, startServer } = require('../serve/start') as typeof import('../serve/start')
    const { refusedBinding } = require('../../server/binding') as typeof import('../../server/binding')
    const settings = listenSettings(flags, terminal)
    const refusal = refusedBinding(settings)
    if (refusal)
      throw new Error(`${refusal} (They come from SPLUNK_PASSWORD or HEADSTAND_PASSWORD, and from --hec-token or SPLUNK_HEC_TOKEN.)`)
    const { listening, close } = await startServer(flags, settings)
    const { management, collector, web } = listening.urls
    if (flags.db === undefined) terminal.err('The store is a temporary folder that is removed at the end; --db DIR keeps one.\n')
    await sayAddresses(terminal, [
      ['REST API', management],
      ['Event Collector', `${collector}/services/collector`],
      ['WebSocket', `${management.replace(/^http/, 'ws')}/services/search/ws`],
      ['Page', web],
    ])
    await aborted(ended)
    settings.log.info('ending')
    // Not awaited by anything: whatever does not end is left behind.
    setTimeout(() => process.exit(0), LAST_MOMENT_MILLISECONDS).unref()
    await close()
    return 0
  },
})

async function sayAddresses(terminal: Terminal, addresses: readonly (readonly [string, string])[]): Promise<void> {
  await terminal.out(addresses.map(([name, url]) => `${name.padEnd(17)}${url}\n`).join(''))
}

const aborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve()
    else signal.addEventListener('abort', () => resolve(), { once: true })
  })
