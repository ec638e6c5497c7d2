import { type Column, valueAt } from '../../spl/batch/column'
import type { TextDictionary } from '../../spl/batch/dictionary'
import { textsOf } from '../../spl/values/value'
import { unescapeXml } from '../../spl/values/xml'
import { type ByteInterner, internerOf, type Written } from './intern'

/** The values of one field while its steps run. */
export class FieldCells {
  readonly codes: Int32Array
  private more: Map<number, number[]> | undefined
  private any = false

  constructor(
    rows: number,
    readonly dictionary: TextDictionary,
  ) {
    this.codes = new Int32Array(rows).fill(-1)
  }

  /** Makes codes of values that stand in the events as bytes. */
  interner(written: Written): ByteInterner {
    return internerOf(this.dictionary, written)
  }
  putText(row: number, text: string, decodesXml: boolean): void {
    this.put(row, this.dictionary.intern(decodesXml ? unescapeXml(text) : text))
  }
  /** A further value of the row. */
  put(row: number, code: number): void {
    this.any = true
    if (this.codes[row]! < 0) {
      this.codes[row] = code
      return
    }
    this.more ??= new Map()
    const list = this.more.get(row)
    if (list) list.push(code)
    else this.more.set(row, [code])
  }
  /** Those of the rows that have no value yet. */
  empty(rows: Uint32Array): Uint32Array {
    return this.any ? rows.filter((r) => this.codes[r]! < 0) : rows
  }
  /** Undefined where no row has a value. */
  column(): Column | undefined {
    if (!this.any) return undefined
    const { codes, dictionary, more } = this
    if (!more) return { kind: 'dictionary', codes, dictionary }
    const offsets = new Uint32Array(codes.length + 1)
    const all: number[] = []
    for (let row = 0; row < codes.length; row++) {
      if (codes[row]! >= 0) all.push(codes[row]!, ...(more.get(row) ?? []))
      offsets[row + 1] = all.length
    }
    return { kind: 'multivalue', offsets, codes: Int32Array.from(all), dictionary }
  }
}

/** Copies the values of some rows. */
export function copyCells(cells: FieldCells, column: Column, rows: Uint32Array): void {
  if (column.kind !== 'dictionary') {
    for (const row of rows) for (const text of textsOf(valueAt(column, row))) cells.putText(row, text, false)
    return
  }
  const { dictionary, codes } = column
  const target = cells.dictionary
  const memo = dictionary === target ? undefined : dictionary.memo(target, (code) => target.intern(dictionary.text(code)))
  for (let i = 0; i < rows.length; i++) {
    const code = codes[rows[i]!]!
    if (code >= 0) cells.put(rows[i]!, memo ? memo.at(code) : code)
  }
}
