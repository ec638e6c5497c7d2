import type { Batch } from '../../spl/batch/batch'
import type { ByteSearch, TakeBytes } from '../../spl/batch/byte-search'
import { CODECS, type Codec, compress } from '../../storage/backends/sqlite/codec'
import { JoinedText, type StoredText } from '../../storage/backends/sqlite/joined-text'
import { pack } from '../../storage/backends/sqlite/packed'

/** The texts of one block as they are stored. */
export function storedText(texts: readonly Buffer[], codec: Codec = 'lz4'): StoredText {
  const all = Buffer.concat(texts)
  const offsets = [0]
  for (const t of texts) offsets.push(offsets.at(-1)! + t.length)
  return { raw: compress(all, codec), codec: CODECS[codec], length: all.length, offs: pack(offsets), rows: texts.length }
}

/** A batch whose texts lie in several blocks and are looked through there. @param most events of a block */
export class JointBatch implements Batch {
  /** Searches that were answered. */
  searches = 0
  private readonly joined: JoinedText

  constructor(
    private readonly base: Batch,
    texts: readonly Buffer[],
    most: number,
    codec?: Codec,
  ) {
    const blocks: StoredText[] = []
    for (let i = 0; i < texts.length; i += most) blocks.push(storedText(texts.slice(i, i + most), codec))
    this.joined = new JoinedText(blocks)
  }
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
    return this.base.names()
  }
  column(name: string) {
    return this.base.column(name)
  }
  narrow(selection: Uint32Array) {
    return this.base.narrow(selection)
  }
  bytes() {
    return { data: this.joined.bytes(), offsets: this.base.bytes!()!.offsets }
  }
  search(s: ByteSearch, rows: Uint32Array, take: TakeBytes): boolean {
    const done = this.joined.search(s, rows, take)
    if (done) this.searches++
    return done
  }
}
