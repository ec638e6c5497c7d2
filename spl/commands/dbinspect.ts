import type { Batch } from '../batch/batch'
import { NOTHING } from '../batch/demand'
import { indexOption, rowBatches, storeOf } from '../operators/store-rows'
import type { RunContext } from '../syntax/behaviour'
import { command } from '../syntax/command'
import { boolean, option, text } from '../syntax/shapes'
import type { BucketFacts } from '../syntax/store-facts'
import { fail, problem } from '../text/problems'
import { roundHalfUp } from '../values/number'
import { strftime } from '../values/time/strftime'

interface Arguments {
  readonly index: readonly string[]
  readonly timeformat: string
  readonly corruptonly: boolean
}

export default command({
  name: 'dbinspect',
  summary: 'The buckets of indexes: a row for each file that holds events.',
  source: 'Search Reference 9.x, dbinspect',
  kind: 'generating',
  inspects: true,
  syntax: {
    index: indexOption,
    span: option('span', text, undefined),
    timeformat: option('timeformat', text, '%m/%d/%Y:%H:%M:%S'),
    corruptonly: option('corruptonly', boolean, false),
    cached: option('cached', boolean, false),
  },
  check({ span, cached }) {
    // What the cells of the table of spans mean is told nowhere.
    if (span !== undefined) throw fail('not-supported-setup', { what: "the option 'span' of dbinspect" })
    if (cached) throw fail('not-supported-setup', { what: "the option 'cached' of dbinspect: there are no manifests of buckets" })
  },
  needs: () => NOTHING,
  generate: inspected,
  examples: ['dbinspect', 'dbinspect index=* timeformat=%s', 'dbinspect index=_internal corruptonly=true'],
})

async function* inspected({ index, timeformat, corruptonly }: Arguments, context: RunContext): AsyncGenerator<Batch> {
  const store = storeOf(context)
  if (corruptonly) context.report(problem('dbinspect-checks', {}))
  const whole = { earliest: Number.NEGATIVE_INFINITY, latest: Number.POSITIVE_INFINITY, check: corruptonly }
  const indexes = await store.describe({ indexes: store.indexes(index), ...whole })
  const own = {
    bucketId: ({ index: name, id }: Placed) => `${name}~${id}~${store.guid}`,
    guId: () => store.guid,
    id: ({ id }: Placed) => id,
    index: ({ index: name }: Placed) => name,
    path: ({ path }: Placed) => path,
    splunk_server: () => context.host.serverName,
  }
  if (corruptonly) {
    const damaged = indexes.flatMap((i) => i.damaged.map((d) => ({ ...d, index: i.name })))
    yield* rowBatches(damaged, { ...own, corruptReason: ({ reason }) => reason }, context)
    return
  }
  const buckets = indexes.flatMap((i) => i.buckets.filter((b) => reached(b, context)).map((b) => ({ ...b, index: i.name })))
  yield* rowBatches(
    buckets,
    {
      ...own,
      endEpoch: ({ latest }) => Math.floor(latest!),
      eventCount: ({ events }) => events,
      hostCount: ({ hosts }) => hosts,
      modTime: ({ modified }) => strftime(modified, timeformat, context.zone),
      rawSize: ({ rawBytes }) => rawBytes,
      sizeOnDiskMB: ({ diskBytes }) => roundHalfUp(diskBytes / (1 << 20), 6),
      sourceCount: ({ sources }) => sources,
      sourceTypeCount: ({ sourcetypes }) => sourcetypes,
      startEpoch: ({ earliest }) => Math.floor(earliest!),
      state: ({ state }) => state,
      // None is ever reduced.
      tsidxState: () => 'full',
    },
    context,
  )
}
type Placed = Pick<BucketFacts, 'id' | 'path'> & { readonly index: string }

/** A bucket is shown whole when the time range reaches some of it. One that waits for its first event is none yet. */
const reached = ({ earliest, latest }: BucketFacts, { range }: RunContext): boolean =>
  earliest !== undefined && latest !== undefined && latest >= range.earliest && earliest < range.latest
