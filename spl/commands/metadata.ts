import type { Batch } from '../batch/batch'
import { NOTHING } from '../batch/demand'
import { isHere } from '../operators/servers'
import { indexOption, rowBatches, storeOf } from '../operators/store-rows'
import type { RunContext } from '../syntax/behaviour'
import { command } from '../syntax/command'
import { oneOf, option, refusal, text } from '../syntax/shapes'
import type { ValueFacts } from '../syntax/store-facts'
import { fail } from '../text/problems'
import { compareTexts } from '../values/compare'

/** By type: the field whose values are listed. */
const FIELDS = { hosts: 'host', sources: 'source', sourcetypes: 'sourcetype' } as const
type Type = keyof typeof FIELDS

interface Arguments {
  readonly type: string | undefined
  readonly index: readonly string[]
  readonly server: string | undefined
}

export default command({
  name: 'metadata',
  summary: 'The hosts, sources or sourcetypes of indexes, with their counts and times.',
  source: 'Search Reference 9.x, metadata',
  kind: 'generating',
  inspects: true,
  syntax: {
    type: option('type', text, undefined),
    index: indexOption,
    server: option('splunk_server', text, undefined),
    group: option('splunk_server_group', text, undefined),
    datatype: option('datatype', oneOf('event', 'metric'), 'event'),
  },
  check({ type, group, datatype }, spans) {
    if (type === undefined) throw refusal('metadata', "You must specify a 'type' argument.")
    if (!Object.hasOwn(FIELDS, type.toLowerCase()))
      throw refusal(
        'metadata',
        `Invalid value '${type}' for the 'type' argument. It must be one of the following: 'hosts', 'sources', or 'sourcetypes'.`,
        spans.type as Parameters<typeof refusal>[2],
      )
    if (group !== undefined) throw fail('not-supported-setup', { what: "the option 'splunk_server_group' of metadata" })
    if (datatype === 'metric') throw fail('not-supported-setup', { what: 'metric indexes, as datatype=metric asks for' })
  },
  needs: () => NOTHING,
  generate: metadata,
  examples: ['metadata type=hosts', 'metadata type=sourcetypes index=* index=_* splunk_server=local'],
})

// DIFFERS: Splunk gives whole buckets, whatever part of them the time range reaches, and at most 10,000 rows.
async function* metadata({ type, index, server }: Arguments, context: RunContext): AsyncGenerator<Batch> {
  if (!isHere(server, context)) return
  const of = type!.toLowerCase() as Type
  const store = storeOf(context)
  const values = new Map<string, ValueFacts>()
  for (const facts of await store.describe({ indexes: store.indexes(index), ...context.range })) {
    for (const v of facts[of]) {
      const known = values.get(v.value)
      values.set(v.value, known ? both(known, v) : v)
    }
  }
  const rows = [...values.values()].sort((a, b) => compareTexts(a.value, b.value))
  yield* rowBatches(
    rows,
    {
      firstTime: (v) => Math.floor(v.earliest),
      [FIELDS[of]]: (v) => v.value,
      lastTime: (v) => Math.floor(v.latest),
      recentTime: (v) => Math.floor(v.recent),
      totalCount: (v) => v.count,
      type: () => of,
    },
    context,
  )
}

const both = (a: ValueFacts, b: ValueFacts): ValueFacts => ({
  value: a.value,
  count: a.count + b.count,
  earliest: Math.min(a.earliest, b.earliest),
  latest: Math.max(a.latest, b.latest),
  recent: Math.max(a.recent, b.recent),
})
