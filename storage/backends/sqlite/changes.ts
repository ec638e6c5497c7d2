/**
 * Counts the changes of a store, in memory that its threads share: what a reader saw is what is there while the count is the same. It is
 * told after a change is committed and before anybody hears of it. One process has the store, so nobody else changes it.
 */
export class Changes {
  /** @param words plain data, for other threads */
  constructor(readonly words: Int32Array = new Int32Array(new SharedArrayBuffer(8))) {}

  /** Kept as a field: it is handed on. */
  readonly tell = (): void => void Atomics.add(this.words, 0, 1)

  get count(): number {
    return Atomics.load(this.words, 0)
  }
  /** The same for columns beside the index files. */
  tellColumns(): void {
    Atomics.add(this.words, 1, 1)
  }
  get columns(): number {
    return Atomics.load(this.words, 1)
  }
}
