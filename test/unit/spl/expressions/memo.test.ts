import { alive, type Batch, batchOf } from '../../../../spl/batch/batch'
import { type Column, constant } from '../../../../spl/batch/column'
import { TextDictionary } from '../../../../spl/batch/dictionary'
import { compileExpression } from '../../../../spl/expressions/compile'
import { evaluateColumn, filterBy } from '../../../../spl/expressions/evaluate'
import { parseExpression } from '../../../../spl/expressions/parse'
import { Reader } from '../../../../spl/text/reader'
import { context, functions, program } from '../../../support/evaluate'

/** A dictionary that knows how often its texts were read. */
class Counting extends TextDictionary {
  reads = 0
  override text(code: number): string {
    this.reads++
    return super.text(code)
  }
}

const ROWS = 1000
function field(texts: readonly string[]): { column: Column; dictionary: Counting } {
  const dictionary = new Counting()
  const codes = Int32Array.from({ length: ROWS }, (_, i) =>
    i % (texts.length + 1) === texts.length ? -1 : dictionary.intern(texts[i % (texts.length + 1)]!),
  )
  return { column: { kind: 'dictionary', codes, dictionary }, dictionary }
}

const p = field(['cmd.exe', 'powershell.exe', 'a.exe'])
const q = field(['x', 'yy'])
const batch: Batch = batchOf(ROWS, [
  ['p', p.column],
  ['q', q.column],
  ['c', constant('powershell')],
])
beforeEach(() => {
  p.dictionary.reads = 0
  q.dictionary.reads = 0
})

const where = (text: string) =>
  compileExpression(parseExpression({ reader: new Reader(text), who: 'where', nextId: () => 0 }), functions, context, 'where')

test.each([
  ['match(p,"(?i)SHELL")', 250, 3, 0],
  ['len(replace(lower(p),"exe","x"))>7', 250, 3, 0],
  ['p="cmd.exe" OR like(p,"a%")', 500, 6, 0],
  ['match(p,"shell") AND match(q,"y")', 84, 3, 2],
  ['NOT match(p,"shell") OR isnull(q)', 833, 3, 2],
  ['match(c,"shell")', 1000, 0, 0],
])('%s reads each text once', (text, kept, pReads, qReads) => {
  const filter = where(text)
  const first = filterBy(filter, batch)
  expect(alive(first!)).toBe(kept)
  expect(p.dictionary.reads).toBeLessThanOrEqual(pReads)
  expect(q.dictionary.reads).toBeLessThanOrEqual(qReads)
  // The next batch of the same dictionary reads nothing.
  const reads = p.dictionary.reads + q.dictionary.reads
  filterBy(
    filter,
    batchOf(ROWS, [
      ['p', p.column],
      ['q', q.column],
      ['c', constant('x')],
    ]),
  )
  expect(p.dictionary.reads + q.dictionary.reads).toBe(reads)
})

test('eval makes a text once per text', () => {
  const target = new TextDictionary()
  const column = evaluateColumn(program('upper(p)."!"'), batch, () => target)
  expect(column.kind).toBe('dictionary')
  expect(target.size).toBe(3)
  expect(p.dictionary.reads).toBeLessThanOrEqual(3)
})

test('a copied field shares its column', () => {
  expect(evaluateColumn(program('p'), batch, () => new TextDictionary())).toBe(p.column)
})

test('what is not pure is made for each row', () => {
  let calls = 0
  const reader = new Reader('random()')
  const counted = { ...context, random: () => ++calls / 1e4 }
  const random = compileExpression(parseExpression({ reader, who: 'EvalCommand', nextId: () => 7 }), functions, counted)
  evaluateColumn(random, batch, () => new TextDictionary())
  expect(calls).toBe(ROWS)
})
