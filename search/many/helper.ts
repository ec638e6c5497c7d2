import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import { StoreError } from '../../storage/event-store'
import type { FromHelper, HelperStart, ToHelper } from './helper-worker'
import type { SharedPages } from './shared-pages'

/** Beside what is bundled; where it is not there, nobody helps. */
const PROGRAM = join(__dirname, 'many-helper.js')

export type Finding = Exclude<FromHelper, { readonly failed: unknown }>

/** A thread that reads pages for many searches. */
export class Helper {
  private readonly worker: Worker
  /** Resolves when it has ended. */
  readonly ended: Promise<void>

  /** Undefined where that cannot be. @param failed told when it ends badly */
  static start(start: HelperStart, hear: (m: Finding) => void, failed: (e: Error) => void): Helper | undefined {
    return existsSync(PROGRAM) ? new Helper(start, hear, failed) : undefined
  }
  private constructor(start: HelperStart, hear: (m: Finding) => void, failed: (e: Error) => void) {
    this.worker = new Worker(PROGRAM, { workerData: start })
    this.worker.on('message', (m: FromHelper) => ('failed' in m ? failed(errorOf(m.failed)) : hear(m)))
    this.worker.on('error', failed)
    this.ended = new Promise((resolve) => this.worker.once('exit', () => resolve()))
  }
  /** Called once; without pages it ends. */
  begin(pages: SharedPages | undefined): void {
    this.worker.postMessage({ pages } satisfies ToHelper)
  }
}

const errorOf = ({ code, text }: Extract<FromHelper, { failed: unknown }>['failed']): Error =>
  code ? new StoreError(code, text) : new Error(text)
