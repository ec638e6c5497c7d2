import type { Batch } from '../../spl/batch/batch'
import type { Column } from '../../spl/batch/column'

/** What a layer puts over a batch: unlike an overlay's, its names need not be known before they are asked for. */
export interface LayerView {
  /** Whether the field is made here; others are those of the batch below. */
  has(name: string): boolean
  /** Made at the rows that are alive below. */
  make(name: string, below: Batch): Column | undefined
  names(below: Batch): readonly string[]
}

/** Fields of one step of the search-time sequence over those of the steps before. */
export class Layer implements Batch {
  private readonly made = new Map<string, Column | undefined>()
  constructor(
    private readonly base: Batch,
    private readonly view: LayerView,
    private readonly wider?: Layer,
  ) {}
  get rows() {
    return this.base.rows
  }
  get selection() {
    return this.base.selection
  }
  get order() {
    return this.base.order
  }
  names() {
    return this.view.names(this.base)
  }
  column(name: string): Column | undefined {
    if (!this.view.has(name)) return this.base.column(name)
    // Made for more rows: good for these too.
    for (let l: Layer | undefined = this; l; l = l.wider) if (l.made.has(name)) return l.made.get(name)
    const column = this.view.make(name, this.base)
    this.made.set(name, column)
    return column
  }
  narrow(selection: Uint32Array): Batch {
    return new Layer(this.base.narrow(selection), this.view, this)
  }
  bytes() {
    return this.view.has('_raw') ? undefined : this.base.bytes?.()
  }
  segmentation() {
    return this.base.segmentation?.()
  }
}
