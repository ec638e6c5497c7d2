import { ordered, plus } from '../batch/demand'
import { keptRows } from '../operators/kept-rows'
import { comparesBy } from '../operators/sort-keys'
import type { ArgumentReader } from '../syntax/arguments'
import { command } from '../syntax/command'
import { integer, list, maybe, option, own } from '../syntax/shapes'
import { type SortKey, sortKey } from '../syntax/sort-key'

const DEFAULT = 10_000

interface Arguments {
  readonly count: number | undefined
  readonly limit: number | undefined
  readonly keys: { readonly keys: readonly SortKey[]; readonly reversed: boolean }
}

export default command({
  name: 'sort',
  summary: 'Orders the results by fields; without a number at most 10000 come out.',
  source: 'Search Reference 9.x, sort',
  kind: 'dataset processing',
  syntax: {
    count: maybe(integer, undefined),
    limit: option('limit', integer, undefined),
    keys: own(`${list(sortKey).usage} [desc]`, 'a field to sort by', readKeys),
  },
  missing: { keys: 'You must specify fields to sort.' },
  needs: ({ keys }, after) => ordered(plus(after, ...keys.keys.map((k) => k.field)), false),
  keepFirst: (args, limit) => (limit < most(args) ? { ...args, limit } : undefined),
  accumulate: (args, context) =>
    keptRows({
      compare: comparesBy(args.keys.keys, args.keys.reversed),
      limit: most(args),
      demand: plus(context.wanted, ...args.keys.keys.map((k) => k.field)),
      context,
    }),
  examples: ['sort user, -_time', 'sort 0 - bytes', 'sort limit=5 num(size) desc', 'sort -ip(src), str(name)'],
})

/** 0 means all. */
const most = ({ count, limit }: Arguments): number => (limit ?? count ?? DEFAULT) || Number.POSITIVE_INFINITY

/** keys := key ([","] key)* ["d" | "desc"] */
function readKeys(r: ArgumentReader): Arguments['keys'] {
  const keys: SortKey[] = []
  do {
    if (keys.length > 0 && takeReversal(r)) return { keys, reversed: true }
    keys.push(sortKey.read(r))
  } while (!r.done && !r.stops())
  return { keys, reversed: false }
}

function takeReversal(r: ArgumentReader): boolean {
  const at = r.pos
  if ((r.takeWord('desc') || r.takeWord('d')) && (r.done || r.stops())) return true
  r.pos = at
  return false
}
