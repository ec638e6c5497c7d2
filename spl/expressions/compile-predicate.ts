import { type Batch, filterRows, type RowSegmentation } from '../batch/batch'
import { type MultivalueColumn, valueAt } from '../batch/column'
import type { Dictionary, Memo } from '../batch/dictionary'
import { compileTerm, type TermTest } from '../segments/terms'
import { textsOf } from '../values/value'
import { Grams } from './grams'
import { nodes, type Predicate } from './predicate'
import { anyEqual, comparison, equality, LONG, type Subject, subject, type TextTest } from './value-test'

/** Whether a row of the batch that it was opened for matches. */
export type RowTest = (row: number) => boolean
/** A node, ready to be opened for a batch. */
export type PredicateNode = (batch: Batch, opened: OpenedNodes) => RowTest
/** Nodes of one batch that were opened for it: those that several predicates share are opened once. */
export type OpenedNodes = Map<PredicateNode, RowTest>

function opening(node: PredicateNode, batch: Batch, opened: OpenedNodes): RowTest {
  let test = opened.get(node)
  if (!test) opened.set(node, (test = node(batch, opened)))
  return test
}

/** Names of the fields that a predicate reads; keywords read `_raw`. */
export function fieldsOfPredicate(p: Predicate): string[] {
  const found = new Set<string>()
  for (const n of nodes(p)) {
    if ('compare' in n) found.add(n.compare[0])
    else if ('in' in n) found.add(n.in[0])
    else if ('indexed' in n) found.add(n.indexed[0])
    else if (isKeyword(n)) found.add('_raw')
  }
  return [...found]
}
const isKeyword = (p: Predicate) => 'word' in p || 'term' in p || 'phrase' in p || 'tokens' in p

/** A filter of batches: those rows that match; undefined when none does. Keywords look at `_raw` only. */
export function compilePredicate(p: Predicate): (batch: Batch) => Batch | undefined {
  const filter = predicateCompiler()(p)
  return (batch) => filter(batch, new Map())
}

/** The same for events as a store gives them: keywords find what the index of each event holds, as they do in the store. */
export function compileFirstSearch(p: Predicate): (batch: Batch) => Batch | undefined {
  const filter = predicateCompiler((leaf) => (isKeyword(leaf) ? rawNode(termOf(leaf), (b) => b.segmentation?.()) : undefined))(p)
  return (batch) => filter(batch, new Map())
}

/** @param opened  of this batch: the same for all filters that it goes through */
export type SharedFilter = (batch: Batch, opened: OpenedNodes) => Batch | undefined

/**
 * Compiles predicates that run over the same batches: parts that say the same are one, and what a comparison found out about a text
 * holds for all.
 * @param own  leaves that are tested otherwise than on the columns of the batch
 */
export function predicateCompiler(own: (leaf: Predicate) => PredicateNode | undefined = () => undefined): (p: Predicate) => SharedFilter {
  const known = new Map<string, PredicateNode>()
  const numbers = new Map<PredicateNode, number>()
  const once = (key: string, make: () => PredicateNode): PredicateNode => {
    let node = known.get(key)
    if (!node) {
      known.set(key, (node = make()))
      numbers.set(node, numbers.size)
    }
    return node
  }
  const list = (kind: string, all: readonly Predicate[], make: (nodes: readonly PredicateNode[]) => PredicateNode): PredicateNode => {
    const nodes = all.map(node)
    return once(`${kind} ${nodes.map((n) => numbers.get(n)).join()}`, () => make(nodes))
  }
  const node = (p: Predicate): PredicateNode => {
    if ('and' in p) return list('and', p.and, both)
    if ('or' in p) return anyNode(p.or)
    if ('not' in p) return list('not', [p.not], ([n]) => negated(n!))
    return once(leafKey(p), () => own(p) ?? leaf(p))
  }
  const anyNode = (all: readonly Predicate[]): PredicateNode => {
    const groups = byField(all, (c) => own(c) === undefined)
    if (groups.length < all.length && groups.length > 1) {
      const nodes = groups.map((g) => (g.all.length > 1 ? anyNode(g.all) : node(g.all[0]!)))
      return once(`or ${nodes.map((n) => numbers.get(n)).join()}`, () => either(nodes))
    }
    const [group] = groups
    if (groups.length !== 1 || !group?.equal || all.length === 1) return list('or', all, either)
    const { field, values, whole } = group.equal
    const gate = once(`any ${JSON.stringify([field, values])}`, () => valueNode(field, anyEqual(values, field)))
    if (whole) return gate
    const each = list('or', all, either)
    return once(`and ${numbers.get(gate)},${numbers.get(each)}`, () => both([gate, each]))
  }
  return (p) => {
    const root = node(p)
    return (batch, opened) => filterRows(batch, opening(root, batch, opened))
  }
}

/** What a predicate asks of a field: that it equals one of the values. */
interface Equal {
  readonly field: string
  readonly values: readonly string[]
  /** And nothing else. */
  readonly whole: boolean
}

/** Alternatives by the field that they begin with, where that is the same: a text is then looked at once for all of them. */
function byField(
  all: readonly Predicate[],
  plain: (leaf: Predicate) => boolean,
): readonly { readonly equal: Equal | undefined; readonly all: readonly Predicate[] }[] {
  const groups = new Map<unknown, { equal: Equal | undefined; all: Predicate[] }>()
  for (const c of all) {
    const equal = equalOf(c, plain)
    const key = equal ? equal.field : c
    const group = groups.get(key)
    if (!group) groups.set(key, { equal, all: [c] })
    else {
      group.all.push(c)
      group.equal = merged(group.equal!, equal!)
    }
  }
  return [...groups.values()]
}

const merged = (a: Equal, b: Equal): Equal => ({ field: a.field, values: [...a.values, ...b.values], whole: a.whole && b.whole })

function equalOf(p: Predicate, plain: (leaf: Predicate) => boolean): Equal | undefined {
  if ('compare' in p) {
    const [field, op, value] = p.compare
    return op === '=' && p.exactCase !== true && plain(p) ? { field, values: [value], whole: true } : undefined
  }
  if ('in' in p) return plain(p) ? { field: p.in[0], values: p.in[1], whole: true } : undefined
  if ('and' in p) {
    const first = p.and[0] && equalOf(p.and[0], plain)
    return first && { ...first, whole: first.whole && p.and.length === 1 }
  }
  if (!('or' in p) || p.or.length === 0) return undefined
  const [group, ...others] = byField(p.or, plain)
  return others.length === 0 ? group?.equal : undefined
}

/** What a leaf says, without its place: equal for leaves that say the same. */
export function leafKey(p: Predicate): string {
  const { id: _id, span: _span, ...kind } = p
  return JSON.stringify(kind)
}

function leaf(p: Predicate): PredicateNode {
  if ('always' in p) return () => () => p.always
  if ('compare' in p) return valueNode(p.compare[0], comparison(p.compare[1], p.compare[2], p.exactCase === true, p.compare[0]))
  if ('in' in p) return valueNode(p.in[0], anyEqual(p.in[1], p.in[0]))
  if ('indexed' in p) return valueNode(p.indexed[0], equality(p.indexed[1], false, p.indexed[0]))
  if ('time' in p) throw new Error('BUG: a time term was not resolved')
  return rawNode(termOf(p))
}

function termOf(p: Predicate): TermTest {
  if ('word' in p) return compileTerm('word', p.word, p.exactCase === true)
  if ('term' in p) return compileTerm('term', p.term, p.exactCase === true)
  if ('phrase' in p) return compileTerm('phrase', p.phrase, p.exactCase === true)
  return compileTerm('tokens', (p as { tokens: string }).tokens, false)
}

/** Cheap tests first would reorder what has no side effect; the order of writing is kept: it is what people tune. */
function both(all: readonly PredicateNode[]): PredicateNode {
  return (batch, opened) => {
    const tests: (RowTest | undefined)[] = []
    // Opened when first reached: a column is extracted for no batch that an earlier condition empties.
    return (row) => {
      for (let i = 0; i < all.length; i++) {
        const test = tests[i] ?? (tests[i] = opening(all[i]!, batch, opened))
        if (!test(row)) return false
      }
      return true
    }
  }
}
function either(all: readonly PredicateNode[]): PredicateNode {
  return (batch, opened) => {
    const tests: (RowTest | undefined)[] = []
    return (row) => {
      for (let i = 0; i < all.length; i++) {
        const test = tests[i] ?? (tests[i] = opening(all[i]!, batch, opened))
        if (test(row)) return true
      }
      return false
    }
  }
}
function negated(of: PredicateNode): PredicateNode {
  return (batch, opened) => {
    const test = opening(of, batch, opened)
    return (row) => !test(row)
  }
}

function rawNode(term: TermTest, cut: (batch: Batch) => RowSegmentation | undefined = inFull): PredicateNode {
  return (batch) => {
    const raw = batch.column('_raw')
    const how = cut(batch)
    return raw === undefined ? () => false : (row) => textsOf(valueAt(raw, row)).some((text) => term.testAs(how?.(row) ?? 'full', text))
  }
}
const inFull = () => undefined

/** Once per text of a dictionary; a multivalue matches where some value does. */
function valueNode(field: string, test: TextTest): PredicateNode {
  const known = new WeakMap<Dictionary, Answers>()
  const answersOf = (dictionary: Dictionary): Answers => {
    let answers = known.get(dictionary)
    if (!answers) known.set(dictionary, (answers = new Answers(dictionary, test)))
    return answers
  }
  const matches = (text: string) => test(subject(text))
  return (batch) => {
    const column = batch.column(field)
    switch (column?.kind) {
      case undefined:
        return () => false
      case 'dictionary':
        return dictionaryTest(column.codes, answersOf(column.dictionary))
      case 'multivalue':
        return multivalueTest(column, answersOf(column.dictionary))
      case 'constant': {
        const same = textsOf(valueAt(column, 0)).some(matches)
        return () => same
      }
      default:
        return (row) => textsOf(valueAt(column, row)).some(matches)
    }
  }
}

function dictionaryTest(codes: Int32Array, answers: Answers): RowTest {
  return (row) => {
    const code = codes[row]!
    return code >= 0 && (answers.known[code] || answers.at(code)) === YES
  }
}
function multivalueTest({ offsets, codes }: MultivalueColumn, answers: Answers): RowTest {
  return (row) => {
    for (let i = offsets[row]!; i < offsets[row + 1]!; i++) if ((answers.known[codes[i]!] || answers.at(codes[i]!)) === YES) return true
    return false
  }
}

const NO = 1
const YES = 2
const LOWER = {}
const GRAMS = {}

/** What a comparison says of the texts of a dictionary: a byte each, 0 where it was not asked yet. */
class Answers {
  known = new Uint8Array(0)
  private readonly entry: Entry
  constructor(
    private readonly dictionary: Dictionary,
    private readonly test: TextTest,
  ) {
    this.entry = new Entry(dictionary)
  }
  at(code: number): number {
    if (code >= this.known.length) {
      const wider = new Uint8Array(Math.max(this.dictionary.size, this.known.length * 2))
      wider.set(this.known)
      this.known = wider
    }
    this.entry.code = code
    return (this.known[code] = this.test(this.entry) ? YES : NO)
  }
}

/** An entry of a dictionary. */
class Entry implements Subject {
  code = 0
  private readonly lows: Memo<string>
  private readonly sets: Memo<Grams>
  constructor(private readonly dictionary: Dictionary) {
    this.lows = dictionary.memo(LOWER, (code) => dictionary.text(code).toLowerCase())
    this.sets = dictionary.memo(GRAMS, (code) => new Grams(this.lows.at(code)))
  }
  get text() {
    return this.dictionary.text(this.code)
  }
  get low() {
    return this.lows.at(this.code)
  }
  get grams() {
    return this.low.length < LONG ? undefined : this.sets.at(this.code)
  }
}
