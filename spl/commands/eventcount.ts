import type { Batch } from '../batch/batch'
import { NOTHING } from '../batch/demand'
import { indexOption, rowBatches, storeOf } from '../operators/store-rows'
import type { RunContext } from '../syntax/behaviour'
import { command } from '../syntax/command'
import { boolean, option } from '../syntax/shapes'
import type { IndexFacts } from '../syntax/store-facts'
import { fail } from '../text/problems'
import type { Value } from '../values/value'

interface Arguments {
  readonly index: readonly string[]
  readonly summarize: boolean
  readonly size: boolean
}

export default command({
  name: 'eventcount',
  summary: 'How many events indexes hold, whatever the time range.',
  source: 'Search Reference 9.4, eventcount',
  kind: 'generating',
  inspects: true,
  syntax: {
    index: indexOption,
    summarize: option('summarize', boolean, true),
    size: option('report_size', boolean, false),
    // There are no virtual indexes to be listed or left out.
    virtual: option('list_vix', boolean, true),
    remote: option('list_federated_remote', boolean, false),
  },
  check({ remote }) {
    if (remote) throw fail('not-supported-setup', { what: "the option 'list_federated_remote' of eventcount" })
  },
  needs: () => NOTHING,
  generate: eventCounts,
  examples: ['eventcount', 'eventcount summarize=false report_size=true index=* index=_*'],
})

async function* eventCounts({ index, summarize, size }: Arguments, context: RunContext): AsyncGenerator<Batch> {
  const store = storeOf(context)
  const all = { earliest: Number.NEGATIVE_INFINITY, latest: Number.POSITIVE_INFINITY }
  const indexes = await store.describe({ indexes: store.indexes(index), ...all })
  const bytes = size && { size_bytes: (i: Counted): Value => i.diskBytes }
  if (summarize) {
    const sum = (of: 'events' | 'diskBytes') => indexes.reduce((n, i) => n + i[of], 0)
    yield* rowBatches([{ events: sum('events'), diskBytes: sum('diskBytes') }], { count: (i) => i.events, ...bytes }, context)
  } else {
    const server = () => context.host.serverName
    yield* rowBatches(indexes, { count: (i) => i.events, index: (i) => i.name, server, ...bytes }, context)
  }
}
type Counted = Pick<IndexFacts, 'events' | 'diskBytes'>
