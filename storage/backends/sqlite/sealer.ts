import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import type { Segmentation } from '../../../spl/segments/segmentation'
import { StoreError } from '../../event-store'
import type { Codec } from './codec'
import type { FromIngest, ToSeal } from './ingest-worker'
import { newSegmenter, type SealedText, type SealSettings, type Segmenter, sealText } from './seal-text'

/** Blocks under way in the worker: enough that neither side waits for a message. */
const CREDITS = 8
/** From so many blocks within about so many milliseconds a worker is worth its start (40 ms, some 20 MB). */
const WORTH_A_WORKER = 16
const LATELY = 1000
const PROGRAM = join(__dirname, 'ingest-worker.js')

/** Makes blocks of texts, for all indexes of a store: in this thread while little comes, in a worker once much has come. */
export class Sealer {
  private worker: SealingWorker | undefined
  /** Made with the first block: it takes some megabytes, and most stores that are opened are only read. */
  private segmenter: Segmenter | undefined
  private turn: Promise<unknown> = Promise.resolve()

  /** @param program of the worker; where it is not there, all is done in this thread */
  constructor(
    private readonly settings: SealSettings,
    private readonly program = PROGRAM,
  ) {}

  /** So many blocks are about to come. */
  expect(blocks: number): void {
    if (this.worker !== undefined) return
    const now = performance.now()
    this.lately = this.lately * Math.exp((this.expected - now) / LATELY) + Math.max(0, blocks)
    this.expected = now
    if (this.lately >= WORTH_A_WORKER && existsSync(this.program)) this.worker = new SealingWorker(this.program, this.settings)
  }
  /** Blocks that came, those of a while ago counting less, and when that was told. */
  private lately = 0
  private expected = 0

  /** Whether a worker makes the blocks. */
  get threaded(): boolean {
    return this.worker?.alive === true
  }

  /**
   * @param texts of one block, in the order of events
   * @param segmentation of all of them; absent: in full
   * @param urgent before those that were asked for before and are not
   * @param codec absent: that of the settings
   */
  seal(texts: readonly Uint8Array[], segmentation?: Segmentation, urgent = false, codec?: Codec): Promise<SealedText> {
    if (this.worker?.alive) return this.worker.seal({ texts, segmentation, codec }, urgent)
    const sealed = this.turn.then(() => this.here({ texts, segmentation, codec }))
    this.turn = sealed.catch(() => undefined)
    return sealed
  }

  async close(): Promise<void> {
    await this.turn
    await this.worker?.close()
  }

  /** A turn of the event loop between two blocks: SQLite hears of the one before, timers run. */
  private async here({ texts, segmentation, codec = this.settings.codec }: Asked): Promise<SealedText> {
    await new Promise((resolve) => setImmediate(resolve))
    const offsets = offsetsOf(texts)
    const data = Buffer.allocUnsafe(offsets.at(-1)!)
    fill(data, texts, offsets)
    return sealText({ data, offsets, segmentation }, (this.segmenter ??= newSegmenter()), { ...this.settings, codec })
  }
}

interface Asked extends Pick<ToSeal, 'segmentation' | 'codec'> {
  readonly texts: readonly Uint8Array[]
}
interface Waiting extends Asked {
  resolve(s: SealedText): void
  reject(e: unknown): void
}

/** The worker and what it was given. It answers in order. */
class SealingWorker {
  alive = true
  private readonly worker: Worker
  private readonly ended: Promise<void>
  private readonly waiting: Waiting[] = []
  /** Of the waiting ones, those in front. */
  private urgent = 0
  private readonly sent: Waiting[] = []
  private readonly spare: ArrayBuffer[] = []

  constructor(program: string, settings: SealSettings) {
    this.worker = new Worker(program, { workerData: settings })
    this.worker.on('message', (m: FromIngest) => this.answered(m))
    this.worker.on('error', (error) => this.lost(error))
    this.ended = new Promise((resolve) =>
      this.worker.on('exit', () => {
        this.lost(new StoreError('failed', 'The thread that makes blocks has ended.'))
        resolve()
      }),
    )
  }

  seal(asked: Asked, urgent: boolean): Promise<SealedText> {
    return new Promise((resolve, reject) => {
      this.waiting.splice(urgent ? this.urgent++ : this.waiting.length, 0, { ...asked, resolve, reject })
      this.send()
    })
  }

  /** It ends by itself: a thread that is terminated with a call of an add-on in flight takes the process along. */
  async close(): Promise<void> {
    if (this.alive) this.worker.postMessage('close')
    await this.ended
  }

  private send(): void {
    while (this.alive && this.sent.length < CREDITS && this.waiting.length > 0) {
      const next = this.waiting.shift()!
      this.urgent = Math.max(0, this.urgent - 1)
      const offsets = offsetsOf(next.texts)
      const buffer = this.bufferOf(offsets.at(-1)!)
      fill(Buffer.from(buffer), next.texts, offsets)
      const message: ToSeal = { buffer, offsets, segmentation: next.segmentation, codec: next.codec }
      this.worker.postMessage(message, [buffer, offsets.buffer as ArrayBuffer])
      this.sent.push(next)
    }
  }

  private bufferOf(bytes: number): ArrayBuffer {
    const found = this.spare.pop()
    return found && found.byteLength >= bytes ? found : new ArrayBuffer(Math.max(bytes, 512 << 10))
  }

  private answered(m: FromIngest): void {
    const first = this.sent.shift()!
    if ('failed' in m) first.reject(new StoreError('failed', m.failed))
    else {
      this.spare.push(m.buffer)
      const { raw, terms, postings } = m.sealed
      first.resolve({ ...m.sealed, raw: viewed(raw), terms: viewed(terms), postings: viewed(postings) })
    }
    this.send()
  }

  private lost(error: unknown): void {
    this.alive = false
    for (const w of [...this.sent.splice(0), ...this.waiting.splice(0)]) w.reject(error)
  }
}

/** A buffer comes through a channel as plain bytes. */
const viewed = (data: Uint8Array): Buffer => Buffer.from(data.buffer, data.byteOffset, data.byteLength)

function offsetsOf(texts: readonly Uint8Array[]): Uint32Array {
  const offsets = new Uint32Array(texts.length + 1)
  for (let i = 0; i < texts.length; i++) offsets[i + 1] = offsets[i]! + texts[i]!.length
  return offsets
}
function fill(into: Buffer, texts: readonly Uint8Array[], offsets: Uint32Array): void {
  for (let i = 0; i < texts.length; i++) into.set(texts[i]!, offsets[i]!)
}
