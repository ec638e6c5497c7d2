import type { Column, DictionaryColumn } from '../batch/column'
import type { Dictionary, Memo } from '../batch/dictionary'
import { EXACT } from '../values/number'
import { boundValue } from './bound'
import { type Compiled, compiled, type EvaluationContext, type Frame, type Scalar } from './compiled'

/** A result with the place of its last digit, kept only where it has one. */
class Rounded {
  constructor(
    readonly number: number,
    readonly places: number,
  ) {}
}
type Kept = Scalar | Rounded

const keep = (v: Scalar, places: number): Kept => (typeof v === 'number' && places !== EXACT ? new Rounded(v, places) : v)

function give(kept: Kept, f: Frame): Scalar {
  if (kept instanceof Rounded) {
    f.places = kept.places
    return kept.number
  }
  f.places = EXACT
  return kept
}

/** Whether a node's answer depends on nothing but one field's value (or on nothing), so that it may be kept. */
export const keepable = (of: readonly Compiled[], pure: boolean): boolean =>
  pure && of.every((c) => c.pure) && new Set(of.flatMap((c) => c.fields)).size <= 1

/**
 * A pure node over one field, evaluated once per text of its dictionary, whatever the number of rows. Only the outermost such node is
 * kept: what is inside runs no more often. A bound field (mvmap, mvfilter) goes past it, since its values are not the column's.
 */
export function memoised(c: Compiled, slots: readonly string[], context: EvaluationContext): Compiled {
  if (!c.pure || c.fields.length > 1 || 'field' in c.node || 'text' in c.node || 'number' in c.node) return c
  const name = c.fields[0]
  return name === undefined ? constantNode(c) : fieldNode(c, { name, slots, context })
}

function constantNode(c: Compiled): Compiled {
  let kept: Kept | undefined
  const value = (f: Frame): Scalar => {
    kept ??= first(f)
    return give(kept, f)
  }
  // null is a result too, but costs nothing to find again.
  const first = (f: Frame): Kept => {
    f.places = EXACT
    const v = c.value(f)
    return keep(v, f.places)
  }
  return compiled([c], { node: c.node, type: c.type, value })
}

interface Where {
  readonly name: string
  readonly slots: readonly string[]
  readonly context: EvaluationContext
}

function fieldNode(c: Compiled, where: Where): Compiled {
  const slot = where.slots.indexOf(where.name)
  const store = new TextMemo(c, slot, where)
  let column: Column | undefined
  let kept: ((row: number) => Kept | undefined) | undefined
  const value = (f: Frame): Scalar => {
    const now = f.columns[slot]
    if (now === undefined || (f.bound && boundValue(f, where.name) !== undefined)) return c.value(f)
    if (now !== column) {
      column = now
      kept = store.open(now)
    }
    const found = kept?.(f.row)
    return found === undefined ? c.value(f) : give(found, f)
  }
  return compiled([c], { node: c.node, type: c.type, value })
}

/** Answers per text, made on a column of one row that holds the code. */
class TextMemo {
  private readonly key = {}
  private readonly codes = new Int32Array(1)
  constructor(
    private readonly c: Compiled,
    private readonly slot: number,
    private readonly where: Where,
  ) {}

  /** What is kept for a row of the column; undefined where nothing is. */
  open(column: Column): ((row: number) => Kept | undefined) | undefined {
    if (column.kind === 'constant') {
      const kept = this.evaluate(column)
      return () => kept
    }
    if (column.kind !== 'dictionary') return undefined
    const { codes } = column
    const memo = this.of(column.dictionary)
    const { values } = memo
    return (row) => {
      const code = codes[row]!
      return code < 0 ? undefined : (values[code] ?? memo.at(code))
    }
  }

  private of(dictionary: Dictionary): Memo<Kept> {
    const column: DictionaryColumn = { kind: 'dictionary', codes: this.codes, dictionary }
    return dictionary.memo(this.key, (code) => {
      this.codes[0] = code
      return this.evaluate(column)
    })
  }

  private evaluate(column: Column): Kept {
    // The other slots belong to no field of this node, and what reads the batch is not pure.
    const columns: Column[] = []
    columns[this.slot] = column
    const frame: Frame = {
      batch: undefined as never,
      row: 0,
      slots: this.where.slots,
      columns,
      places: EXACT,
      bound: undefined,
      context: this.where.context,
    }
    const v = this.c.value(frame)
    return keep(v, frame.places)
  }
}
