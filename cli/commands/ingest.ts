import { cliCommand } from '../cli-command'
import { text, UsageError } from '../flags'
import { eventFlags, headFlags, headOptions, takingOptions } from '../head-flags'
import { takeInputs } from '../search/take-inputs'
import { counted } from '../status-line'

export default cliCommand({
  name: 'ingest',
  summary: 'Reads files of events into a store: raw lines, NDJSON, HEC JSON, Windows events as XML or text, plain or gzip.',
  operands: [{ name: 'FILE', help: 'files of events, - for the standard input', least: 1, most: Number.POSITIVE_INFINITY }],
  flags: { db: text('DIR', 'the store; it is made when it is not there', undefined, { env: 'HEADSTAND_DB' }), ...headFlags, ...eventFlags },
  examples: [
    ['headstand ingest --db ./store sysmon.xml.gz', 'source type, source and host from the data'],
    ['headstand ingest --db ./store --index web --sourcetype access_combined access.log', 'raw lines'],
  ],
  async run({ flags, operands, terminal }) {
    if (flags.db === undefined) throw new UsageError('--db is missing: the folder of the store')
    const { createSearchHead } = require('../../search/main') as typeof import('../../search/main')
    const signal = terminal.interrupted()
    const head = await createSearchHead({ ...headOptions(flags), db: flags.db })
    try {
      const { events, seconds } = await takeInputs(head, operands, { ...takingOptions(flags), signal }, terminal)
      const rate = Math.round(events / seconds).toLocaleString('en-US')
      await terminal.out(`${counted(events, 'event')} in ${seconds.toFixed(1)} s (${rate} events/s) into ${flags.db}\n`)
      return 0
    } catch (error) {
      if (!signal.aborted) throw error
      terminal.err('headstand: interrupted; the store holds what was read so far\n')
      return 130
    } finally {
      await head.close()
    }
  },
})
