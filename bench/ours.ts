import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { MALLOC } from '../search/engine/malloc'
import type { Done, Order } from './child'

interface Waiting {
  resolve(done: Done): void
  reject(error: Error): void
}

/** Our side in a child; see child.ts. One order at a time. */
export class Ours {
  private readonly child: ChildProcess
  private waiting: Waiting | undefined

  constructor(root: string) {
    this.child = fork(join(root, 'scripts', 'run.mjs'), ['bench/child.ts'], {
      env: { ...process.env, ...MALLOC },
      serialization: 'advanced',
    })
    this.child.on('message', (done: Done | { readonly error: string }) => {
      if ('error' in done) this.waiting?.reject(new Error(done.error))
      else this.waiting?.resolve(done)
    })
    this.child.on('exit', (code, signal) => this.waiting?.reject(new Error(`the measured process ended (${signal ?? code})`)))
  }

  order(order: Order): Promise<Done> {
    return new Promise((resolve, reject) => {
      this.waiting = { resolve, reject }
      this.child.send(order)
    })
  }
  async end(): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return
    const exit = once(this.child, 'exit')
    this.child.disconnect()
    await exit
  }
}
