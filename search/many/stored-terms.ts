import type { Batch } from '../../spl/batch/batch'
import { valueAt } from '../../spl/batch/column'
import type { PredicateNode } from '../../spl/expressions/compile-predicate'
import { ByteCodes } from '../../spl/segments/breakers'
import { fold } from '../../spl/segments/fold'
import { bordered, holdsPieces, holdsTerm, type TermPattern, type TermTest } from '../../spl/segments/terms'
import { textsOf } from '../../spl/values/value'

/**
 * Keywords tested on single rows of a block as the store gave it: what stands before them in a filter leaves few rows to each search
 * (measured: a look for each keyword through the whole block takes twice as long). A text is made of a row when the first one asks, and kept
 * while the block is looked at; numbers are found in the bytes.
 * @param stored  the batch that is looked at
 */
export function storedTerms(stored: () => Batch): (term: TermTest) => PredicateNode {
  let page: PageTexts | undefined
  const pageOf = (bytes: Bytes): PageTexts => {
    if (page?.bytes.offsets !== bytes.offsets) page = new PageTexts(bytes)
    return page
  }
  return (term) => {
    const number = numberPattern(term)
    return () => {
      const bytes = stored().bytes?.()
      if (!bytes) return onColumn(stored(), term)
      const texts = pageOf(bytes)
      const cut = stored().segmentation?.()
      const inFull = (row: number) => (number ? texts.holdsNumber(row, number) : texts.holds(row, term))
      const test = cut ? (row: number) => term.testAs(cut(row), texts.text(row)) : inFull
      let known: Uint8Array | undefined
      return (row) => {
        known ??= texts.answers(term)
        return (known[row] || (known[row] = test(row) ? YES : NO)) === YES
      }
    }
  }
}

type Bytes = NonNullable<ReturnType<NonNullable<Batch['bytes']>>>

function onColumn(batch: Batch, term: TermTest) {
  const raw = batch.column('_raw')
  const cut = batch.segmentation?.()
  return raw === undefined
    ? () => false
    : (row: number) => textsOf(valueAt(raw, row)).some((text) => term.testAs(cut?.(row) ?? 'full', text))
}

interface NumberPattern {
  readonly pattern: TermPattern
  readonly needle: Buffer
}
/** A term of digits alone: no folding changes it, nor makes one of something else. */
function numberPattern({ never, terms, literal }: TermTest): NumberPattern | undefined {
  const [pattern, more] = terms
  if (never || literal.length > 0 || !pattern || more || pattern.by !== 'exact' || !/^[0-9]+$/.test(pattern.pattern)) return undefined
  return { pattern, needle: Buffer.from(pattern.pattern) }
}

const NO = 1
const YES = 2

class PageTexts {
  private readonly data: Buffer
  private readonly codes = new ByteCodes()
  private readonly texts: (string | undefined)[] = []
  private readonly folded: (string | undefined)[] = []
  private readonly known = new Map<TermTest, Uint8Array>()

  constructor(readonly bytes: Bytes) {
    const { data } = bytes
    this.data = Buffer.from(data.buffer, data.byteOffset, data.length)
    this.codes.data = this.data
  }

  /** What was found out about a term: a byte for each row, 0 where it was not asked yet. */
  answers(term: TermTest): Uint8Array {
    let found = this.known.get(term)
    if (!found) this.known.set(term, (found = new Uint8Array(this.bytes.offsets.length - 1)))
    return found
  }
  holds(row: number, term: TermTest): boolean {
    if (term.never) return false
    const text = term.exactCase ? this.text(row) : (this.folded[row] ??= fold(this.text(row)))
    return holdsPieces(text, term.literal) && term.terms.every((p) => holdsTerm(text, p))
  }
  text(row: number): string {
    const { offsets } = this.bytes
    return (this.texts[row] ??= this.data.toString('utf8', offsets[row], offsets[row + 1]))
  }

  holdsNumber(row: number, { pattern, needle }: NumberPattern): boolean {
    const start = this.bytes.offsets[row]!
    const end = this.bytes.offsets[row + 1]!
    this.codes.start = start
    this.codes.end = end
    const event = this.data.subarray(start, end)
    for (let at = event.indexOf(needle); at >= 0; at = event.indexOf(needle, at + 1))
      if (bordered(this.codes, pattern, start + at, start + at + needle.length)) return true
    return false
  }
}
