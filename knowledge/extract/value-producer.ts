import type { TakeBytes } from '../../spl/batch/byte-search'
import { AutoSearch } from './auto-search'
import type { FieldCells } from './cells'
import type { Step } from './definition'
import { JsonSearch } from './json-search'
import type { Input, Producer } from './producer'
import { rowsWith } from './rows-with'
import type { ValueSearch } from './value-search'

/** Reading texts as a whole costs about as much as looking through them for this many fields one by one. */
const LOOKS = 8

/** The search for a field of a step; undefined where texts must be read as a whole. */
function searchFor(step: Step, name: string): ValueSearch | undefined {
  // What bytes of UTF-8 do not stand for, or is put for those that stand for nothing, is compared as text.
  if (name === '' || /[\ud800-\udfff\ufffd]/u.test(name)) return undefined
  if (step.kind === 'json') return new JsonSearch(name)
  return step.kind === 'auto' && !step.escapes ? new AutoSearch(name) : undefined
}

/** A producer that looks for fields as bytes while few are wanted. @param whole reads texts as a whole */
export function valueProducer(whole: Producer): Producer {
  const producer: Producer = {
    ...whole,
    fill(input, name, cells, rows) {
      const search = lookedFor(input).fields++ < LOOKS ? searchFor(whole.step, name) : undefined
      const left = search ? filled(search, { input, cells, rows }) : rows
      if (left.length > 0) whole.fill(input, name, cells, left)
    },
    found(input, rows) {
      lookedFor(input).fields = LOOKS
      return whole.found(input, rows)
    },
  }
  const lookedFor = (input: Input) => input.kept(producer, () => ({ fields: 0 }))
  return producer
}

interface Wanted {
  readonly input: Input
  readonly cells: FieldCells
  readonly rows: Uint32Array
}

/** Puts what is found into the cells. @returns the rows whose texts must be read as a whole */
function filled(search: ValueSearch, { input, cells, rows }: Wanted): Uint32Array {
  const { raw } = input
  const interner = cells.interner(search.written)
  const left: number[] = []
  const look: TakeBytes = (row, data, start, end) => {
    const { places } = search
    if (!search.look(data, start, end)) left.push(row)
    else for (let i = 0; i < places.length; i += 2) cells.put(row, interner.code(data, places[i]!, places[i + 1]!))
  }
  const take: TakeBytes = (row, data, start, end) => {
    if (search.mayBegin(data[start]!)) look(row, data, start, end)
    else cells.put(row, interner.code(data, start, end))
  }
  if (!search.byName || !raw.search(search.byName, rows, take)) {
    const { data, offsets } = raw
    const candidates = rows.filter((row) => search.mayBegin(data[offsets[row]!]!))
    for (const row of rowsWith(raw, candidates, search.needles)) look(row, data, offsets[row]!, offsets[row + 1]!)
  }
  return Uint32Array.from(left)
}
