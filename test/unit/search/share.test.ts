import { MessageChannel } from 'node:worker_threads'
import { BothPages, Hearing, remoteScan } from '../../../search/hearing'
import { begin, type FromHelper, room, SHARE, takeBack } from '../../../search/share'
import { fail, problem } from '../../../spl/text/problems'

const newWords = () => new Int32Array(new SharedArrayBuffer(SHARE.words * 4))
const state = (n: number): FromHelper => ({ state: Uint8Array.of(n) })
const noBorder = () => undefined

/** A helper that has begun and says this, then closes its port. */
function helped(...said: readonly FromHelper[]): Hearing {
  const { port1, port2 } = new MessageChannel()
  const words = newWords()
  begin(words)
  for (const m of said) port2.postMessage(m)
  port2.close()
  return new Hearing(remoteScan(port1), words, noBorder)
}
async function all(h: Hearing): Promise<unknown[]> {
  const out: unknown[] = []
  for (let f = await h.next(); f; f = await h.next()) out.push(f)
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
    expect(await all(helped(...said, { ended: true }))).toEqual(said)
  })

  it('fails the search when it failed', async () => {
    const failed = { failed: problem('regex-limit', { milliseconds: 200 }) }
    await expect(all(helped(state(1), failed, { ended: true }))).rejects.toMatchObject({
      problem: { code: 'regex-limit' },
    })
  })

  it('fails the search when its thread is lost before its end', async () => {
    await expect(all(helped(state(1)))).rejects.toThrow('the thread that helped was lost')
  })

  it('is not waited for by a search that is to end', async () => {
    const { port1, port2 } = new MessageChannel()
    const words = newWords()
    const closed = new Promise((resolve) => port2.once('close', () => resolve(true)))
    let borders = 0
    const border = () => {
      if (++borders === 2) throw fail('cancelled', {})
      return undefined
    }
    const h = new Hearing(remoteScan(port1), words, border)
    await expect(h.next()).rejects.toMatchObject({ problem: { code: 'cancelled' } })
    h.end()
    expect([begin(words), Atomics.load(words, SHARE.stop)]).toEqual([false, 1])
    expect(await closed).toBe(true)
  })

  it('is nothing when nobody had time', async () => {
    const { port1, port2 } = new MessageChannel()
    const words = newWords()
    const h = new Hearing(remoteScan(port1), words, noBorder)
    port2.close()
    expect([await h.next(), await h.next(), h.begun, begin(words)]).toEqual([undefined, undefined, false, false])
  })
})

describe('a helper whose rows are not taken', () => {
  const go = () => {}
  it('sends some, then waits until its owner takes one', async () => {
    const words = newWords()
    await room(words, 31, go)
    let waits = true
    const free = room(words, 32, go).then(() => {
      waits = false
    })
    await new Promise((resolve) => setTimeout(resolve, 120))
    expect(waits).toBe(true)
    Atomics.add(words, SHARE.taken, 1)
    Atomics.notify(words, SHARE.taken)
    await free
  })
  it('hears meanwhile that nobody wants them any more', async () => {
    let looks = 0
    const check = () => {
      if (++looks === 2) throw fail('cancelled', {})
    }
    await expect(room(newWords(), 32, check)).rejects.toMatchObject({ problem: { code: 'cancelled' } })
  })
  it('does not wait when it is wanted elsewhere', async () => {
    const words = newWords()
    Atomics.store(words, SHARE.yield, 1)
    await room(words, 1000, go)
  })
})

describe('an owner whose helper is behind', () => {
  it('reads on for a while, then waits until it hears how far that is', async () => {
    const { port1, port2 } = new MessageChannel()
    const words = newWords()
    let asked: Hearing | undefined
    let read = 0
    async function* own() {
      for (let time = 1000; time > 0; time--) {
        read++
        yield { batch: undefined, next: time, scanned: 1 }
      }
    }
    const hearing = () => asked
    const both = new BothPages(own(), { words, hearing, found: () => {} }).read()
    expect((await both.next()).value.next).toBe(1000)
    begin(words)
    asked = new Hearing(remoteScan(port1), words, noBorder)
    const seen: number[] = []
    const reading = (async () => {
      for await (const page of both) seen.push(page.next)
    })()
    await new Promise((resolve) => setTimeout(resolve, 120))
    const before = { read, seen: [...seen] }
    port2.postMessage({ bound: 990 } satisfies FromHelper)
    port2.postMessage({ bound: 500 } satisfies FromHelper)
    port2.postMessage({ ended: true } satisfies FromHelper)
    await reading
    expect(before.read).toBeLessThan(100)
    expect(new Set(before.seen)).toEqual(new Set([Number.POSITIVE_INFINITY]))
    expect([read, seen.at(-1)]).toEqual([1000, 1])
    expect([...seen].sort((a, b) => b - a)).toEqual(seen)
    expect(Atomics.load(words, SHARE.stop)).toBe(1)
  })
})
