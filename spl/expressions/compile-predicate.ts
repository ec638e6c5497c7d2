import { type Batch, filterRows } from '../batch/batch'
import { valueAt } from '../batch/column'
import type { Memo } from '../batch/dictionary'
import { compileTerm } from '../segments/terms'
import { compareTexts } from '../values/compare'
import { cidr } from '../values/ip'
import { numberOf } from '../values/number'
import { textsOf } from '../values/value'
import { wildcard } from '../values/wildcard'
import { type Comparator, nodes, type Predicate } from './predicate'

/** Whether a row of the batch that it was opened for matches. */
type RowTest = (row: number) => boolean
/** A node, ready to be opened for a batch. */
type Node = (batch: Batch) => RowTest

/** Names of the fields that a predicate reads; keywords read `_raw`. */
export function fieldsOfPredicate(p: Predicate): string[] {
  const found = new Set<string>()
  for (const n of nodes(p)) {
    if ('compare' in n) found.add(n.compare[0])
    else if ('in' in n) found.add(n.in[0])
    else if ('indexed' in n) found.add(n.indexed[0])
    else if ('word' in n || 'term' in n || 'phrase' in n || 'tokens' in n) found.add('_raw')
  }
  return [...found]
}

/** A filter of batches: those rows that match; undefined when none does. Keywords look at `_raw` only. */
export function compilePredicate(p: Predicate): (batch: Batch) => Batch | undefined {
  const open = node(p)
  return (batch) => filterRows(batch, open(batch))
}

function node(p: Predicate): Node {
  if ('and' in p) return both(p.and.map(node))
  if ('or' in p) return either(p.or.map(node))
  if ('not' in p) return negated(node(p.not))
  if ('always' in p) return () => () => p.always
  if ('compare' in p) return valueNode(p.compare[0], comparison(p.compare[1], p.compare[2], p.exactCase === true, p.compare[0]))
  if ('in' in p) return valueNode(p.in[0], anyOf(p.in[1].map((v) => equality(v, false, p.in[0]))))
  if ('indexed' in p) return valueNode(p.indexed[0], equality(p.indexed[1], false, p.indexed[0]))
  if ('time' in p) throw new Error('BUG: a time term was not resolved')
  return rawNode(p)
}

/** Cheap tests first would reorder what has no side effect; the order of writing is kept: it is what people tune. */
function both(all: readonly Node[]): Node {
  return (batch) => {
    const opened: (RowTest | undefined)[] = []
    // Opened when first reached: a column is extracted for no batch that an earlier condition empties.
    return (row) => {
      for (let i = 0; i < all.length; i++) {
        const test = opened[i] ?? (opened[i] = all[i]!(batch))
        if (!test(row)) return false
      }
      return true
    }
  }
}
function either(all: readonly Node[]): Node {
  return (batch) => {
    const opened: (RowTest | undefined)[] = []
    return (row) => {
      for (let i = 0; i < all.length; i++) {
        const test = opened[i] ?? (opened[i] = all[i]!(batch))
        if (test(row)) return true
      }
      return false
    }
  }
}
function negated(of: Node): Node {
  return (batch) => {
    const test = of(batch)
    return (row) => !test(row)
  }
}

const anyOf =
  (tests: readonly TextTest[]): TextTest =>
  (x) =>
    tests.some((t) => t(x))

function rawNode(p: Predicate): Node {
  const term =
    'word' in p
      ? compileTerm('word', p.word, p.exactCase === true)
      : 'term' in p
        ? compileTerm('term', p.term, p.exactCase === true)
        : 'phrase' in p
          ? compileTerm('phrase', p.phrase, p.exactCase === true)
          : compileTerm('tokens', (p as { tokens: string }).tokens, false)
  return (batch) => {
    const raw = batch.column('_raw')
    return raw === undefined ? () => false : (row) => textsOf(valueAt(raw, row)).some(term.test)
  }
}

/** A test of one text of a field. A field without a value matches nothing, whatever the comparator. */
type TextTest = (text: string) => boolean

/**
 * One comparison. `=` and `!=` are of texts, without case and with wildcards; the others of numbers where both sides are, else of texts.
 * @source Search Reference, search; numbers in `=` compared as text
 */
function comparison(op: Comparator, value: string, exactCase: boolean, field: string): TextTest {
  if (op === '=') return equality(value, exactCase, field)
  if (op === '!=') {
    const same = equality(value, exactCase, field)
    return (x) => !same(x)
  }
  const wanted = numberOf(value)
  const folded = value.toLowerCase()
  const holds = (order: number) => (op === '<' ? order < 0 : op === '<=' ? order <= 0 : op === '>' ? order > 0 : order >= 0)
  return (x) => {
    const n = numberOf(x)
    return holds(wanted === wanted && n === n ? n - wanted : compareTexts(x.toLowerCase(), folded))
  }
}

function equality(value: string, exactCase: boolean, field: string): TextTest {
  const net = cidr(value)
  if (net) return (x) => net.contains(x) || x === value
  const pattern = wildcard(value, !exactCase)
  // `index=*` leaves out the internal indexes. @source Search Reference, search, "index"
  if (field === 'index' && !pattern.plain && !value.startsWith('_')) return (x) => !x.startsWith('_') && pattern.test(x)
  return pattern.test
}

/** Once per text of a dictionary; a multivalue matches where some value does. */
function valueNode(field: string, test: TextTest): Node {
  const key = {}
  return (batch) => {
    const column = batch.column(field)
    if (column === undefined) return () => false
    if (column.kind === 'dictionary')
      return dictionaryTest(
        column.codes,
        column.dictionary.memo(key, (code) => test(column.dictionary.text(code))),
      )
    return (row) => textsOf(valueAt(column, row)).some(test)
  }
}

function dictionaryTest(codes: Int32Array, memo: Memo<boolean>): RowTest {
  const known = memo.values
  return (row) => {
    const code = codes[row]!
    return code >= 0 && (known[code] ?? memo.at(code))
  }
}
