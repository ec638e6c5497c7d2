import { RegexProblem } from './problem'
import type { Flags, Reader } from './reader'
import { EMPTY, type Greed, type Node } from './tree'

export interface Quantifier {
  readonly least: number
  readonly most: number
  readonly greed: Greed
  /** Its last character, before `?` or `+`. */
  readonly at: number
}

const SIGNS: ReadonlyMap<string, readonly [number, number]> = new Map([
  ['*', [0, Number.POSITIVE_INFINITY]],
  ['+', [1, Number.POSITIVE_INFINITY]],
  ['?', [0, 1]],
])
const MOST = 65535

/** (`*` | `+` | `?` | `{n}` | `{n,}` | `{n,m}`) (`?` | `+`)?; any other brace, `{,m}` too, is a character (PCRE2 10.42). */
export function readQuantifier(reader: Reader, flags: Flags): Quantifier | undefined {
  const range = readRange(reader)
  if (!range) return undefined
  const [least, most] = range
  const at = reader.at - 1
  if (reader.take('+')) return { least, most, greed: 'possessive', at }
  return { least, most, at, greed: reader.take('?') !== flags.U ? 'lazy' : 'greedy' }
}

function readRange(reader: Reader): readonly [number, number] | undefined {
  const text = reader.run(/[*+?]|\{\d+(?:,\d*)?\}/y)
  const sign = SIGNS.get(text)
  if (sign || text === '') return sign
  const [first, second] = text.slice(1, -1).split(',')
  const least = Number(first)
  const most = second === undefined ? least : second === '' ? Number.POSITIVE_INFINITY : Number(second)
  if (least > MOST || (most > MOST && second !== '')) throw new RegexProblem('number too big in {} quantifier', reader.at - 1)
  if (most < least) throw new RegexProblem('numbers out of order in {} quantifier', reader.at - 1)
  return [least, most]
}

/** An item under a quantifier. PCRE2 tries a repeated assertion once at most. */
export function repeated(body: Node, { least, most, greed }: Quantifier): Node {
  if (body.kind !== 'look' || most === 0) return { kind: 'repeat', body, least, most, greed }
  if (least > 0) return body
  return { kind: 'choice', branches: greed === 'lazy' ? [EMPTY, body] : [body, EMPTY] }
}
