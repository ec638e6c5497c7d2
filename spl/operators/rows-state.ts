import { type Batch, batchOf } from '../batch/batch'
import { type Column, constant, valueAt } from '../batch/column'
import type { Order } from '../batch/order'
import type { State } from '../syntax/behaviour'

/** A batch without selection as named columns: how kept rows travel. */
export function stateOfRows(b: Batch): State {
  const out: Record<string, Column> = { 'o.rows': constant(b.rows) }
  for (const name of b.names()) {
    const c = b.column(name)
    if (c) out[`f.${name}`] = copied(c)
  }
  if (b.order) Object.assign(out, stateOfOrder(b.order))
  return out
}

export function rowsOfState(s: State): Batch {
  const columns = Object.entries(s).flatMap(([k, c]) => (k.startsWith('f.') ? [[k.slice(2), c] as const] : []))
  return batchOf(valueAt(s['o.rows'], 0) as number, columns, orderOfState(s))
}

function stateOfOrder({ time, serial, index }: Order): State {
  const ranks = typeof index === 'number' ? constant(index) : { kind: 'number' as const, numbers: Float64Array.from(index) }
  return { 'o.time': { kind: 'number', numbers: time.slice() }, 'o.serial': { kind: 'number', numbers: serial.slice() }, 'o.index': ranks }
}

function orderOfState(s: State): Order | undefined {
  const [time, serial, index] = [s['o.time'], s['o.serial'], s['o.index']]
  if (time?.kind !== 'number' || serial?.kind !== 'number') return undefined
  return {
    time: time.numbers,
    serial: serial.numbers,
    index: index?.kind === 'number' ? Uint16Array.from(index.numbers) : (valueAt(index, 0) as number),
  }
}

/** The same values in arrays of their own, since those of a state are transferred. */
export function copied(c: Column): Column {
  switch (c.kind) {
    case 'constant':
      return c
    case 'dictionary':
      return { ...c, codes: c.codes.slice() }
    case 'number':
      return { ...c, numbers: c.numbers.slice(), ...(c.nulls && { nulls: c.nulls.slice() }), ...(c.places && { places: c.places.slice() }) }
    case 'multivalue':
      return { ...c, offsets: c.offsets.slice(), codes: c.codes.slice() }
  }
}

/** Rows from … to − 1 of a column whose rows are all defined; shares its arrays. */
export function sliced(c: Column, from: number, to: number): Column {
  switch (c.kind) {
    case 'constant':
      return c
    case 'dictionary':
      return { ...c, codes: c.codes.subarray(from, to) }
    case 'number':
      return {
        ...c,
        numbers: c.numbers.subarray(from, to),
        ...(c.nulls && { nulls: c.nulls.subarray(from, to) }),
        ...(c.places && { places: c.places.subarray(from, to) }),
      }
    case 'multivalue':
      return { ...c, offsets: c.offsets.subarray(from, to + 1) }
  }
}
