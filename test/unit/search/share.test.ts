import { MessageChannel } from 'node:worker_threads'
import { begin, type FromHelper, heard, release, remoteScan, SHARE, takeBack } from '../../../search/share'
import { fail, problem } from '../../../spl/text/problems'

const newWords = () => new Int32Array(new SharedArrayBuffer(SHARE.words * 4))
const state = (n: number): FromHelper => ({ state: Uint8Array.of(n) })
const noBorder = () => undefined

/** A helper that says this, then closes its port. */
function helped(...said: readonly FromHelper[]) {
  const { port1, port2 } = new MessageChannel()
  for (const m of said) port2.postMessage(m)
  port2.close()
  return remoteScan(port1)
}
async function all(found: AsyncIterable<unknown>): Promise<unknown[]> {
  const out: unknown[] = []
  for await (const f of found) out.push(f)
  return out
}

it('is had by one: its helper, or its owner again', () => {
  const words = newWords()
  expect([begin(words), begin(words), takeBack(words)]).toEqual([true, false, false])
  const other = newWords()
  expect([takeBack(other), begin(other)]).toEqual([true, false])
})

describe('what a helper says', () => {
  it('is heard in its order, also when its port is closed already', async () => {
    const said = [state(1), { scanned: 5, matched: 2 }, state(2)]
    expect(await all(heard(helped(...said, { ended: true }), noBorder))).toEqual(said)
  })

  it('fails the search when it failed', async () => {
    const failed = { failed: problem('regex-limit', { milliseconds: 200 }) }
    await expect(all(heard(helped(state(1), failed, { ended: true }), noBorder))).rejects.toMatchObject({
      problem: { code: 'regex-limit' },
    })
  })

  it('fails the search when its thread is lost before its end', async () => {
    await expect(all(heard(helped(state(1)), noBorder))).rejects.toThrow('the thread that helped was lost')
  })

  it('is not waited for by a search that is to end', async () => {
    const { port1, port2 } = new MessageChannel()
    const scan = remoteScan(port1)
    const closed = new Promise((resolve) => port2.once('close', () => resolve(true)))
    let borders = 0
    const border = () => {
      if (++borders === 2) throw fail('cancelled', {})
      return undefined
    }
    await expect(all(heard(scan, border))).rejects.toMatchObject({ problem: { code: 'cancelled' } })
    const words = newWords()
    release(words, scan)
    expect([begin(words), Atomics.load(words, SHARE.stop)]).toEqual([false, 1])
    expect(await closed).toBe(true)
  })
})
