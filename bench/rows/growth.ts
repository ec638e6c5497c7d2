import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import type { SearchHead } from '../../search/head'
import type { Bench, Row } from '../bench'
import { generatorModule, generatorOf, SCRIPT_RATE } from '../data-set'
import { faster, figure, type Job, rounds, settled } from '../measure'
import { answerOf } from '../search'

/** How many times as many events the second store holds. */
const TIMES = 10

/** HEC events of the bench and of those that follow them, as lines. */
async function* following(bench: Bench): AsyncGenerator<Buffer> {
  const { DEFAULTS } = await generatorModule(bench.root)
  for (let part = 0; part < TIMES; part++) {
    bench.say(`growth: ${part * bench.size} of ${TIMES * bench.size} events`)
    // The first part is the bench's own events. Another seed gives other GUIDs.
    const options = { seed: DEFAULTS.seed + part, start: DEFAULTS.start + part * DEFAULTS.hours * 3600, 'script-rate': SCRIPT_RATE }
    const flags = Object.entries({ count: bench.size, ...options }).flatMap(([name, value]) => [`--${name}`, String(value)])
    yield* spawn(process.execPath, [generatorOf(bench.root), ...flags], { stdio: ['ignore', 'pipe', 'inherit'] }).stdout
  }
}

/** A store of them; their texts, 10 GB, are nowhere else. */
async function grown(bench: Bench): Promise<string> {
  const db = bench.path('store-grown')
  const ingest = spawn(process.execPath, [join(bench.root, 'dist', 'bin.js'), 'ingest', '--db', db, '-'], {
    stdio: ['pipe', 'ignore', 'inherit'],
  })
  const ended = once(ingest, 'exit')
  await pipeline(following(bench), ingest.stdin)
  const [code] = (await ended) as [number | null]
  if (code !== 0) throw new Error(`growth: ingest ended with ${code}`)
  return db
}

const counted = (term: string) => `search TERM(${term}) | stats count`

/** Terms of one event or a few, of the first of the bench's events. */
async function rareTerms(head: SearchHead): Promise<readonly string[]> {
  const { rows } = await answerOf(head, 'search commands.scr | head 30 | table _raw')
  return rows.map(([raw]) => /ProcessGuid'>\{([^}]+)\}/.exec(String(raw))![1]!)
}

/** Counts the next of the terms each time: what is known of a search that was run before does not help. */
function nextOf(head: SearchHead, terms: readonly string[]): Job {
  const left = terms.values()
  return async () => {
    const answer = await answerOf(head, counted(left.next().value!))
    if (answer.events === 0) throw new Error('growth: a term was not found')
    return answer
  }
}

/** What a rare term costs when there are ten times as many events. */
export const growth: Row = {
  name: 'growth',
  asked: true,
  async measure(bench) {
    const { rare, events } = await bench.events()
    const small = await bench.engine()
    const large = await bench.serving(await grown(bench))
    const all = Number((await answerOf(large, 'search index=main | stats count')).rows[0]![0])
    if (all !== TIMES * events) throw new Error(`growth: ${all} of ${TIMES * events} events are there`)
    bench.say(`growth: ${counted(rare)}`)
    const again = [small, large].map((head) => () => answerOf(head, counted(rare)))
    for (const job of again) if ((await job()).events !== 1) throw new Error('growth: not one event')
    await settled(again)
    const terms = await rareTerms(small)
    const runs = bench.runs * 2 + 1
    const times = [
      ...(await rounds(runs, again)),
      // The first of them are for V8 to compile what they run.
      ...(await rounds(terms.length, [nextOf(small, terms), nextOf(large, terms)])).map((all) => all.slice(-runs)),
    ]
    const over = [events, all].map((count) => `over ${count.toLocaleString('en-US')} events`)
    const figures = times.map((each, i) => figure(`${over[i % 2]}${i < 2 ? '' : ', a new term each time'}`, 'ms', each))
    const bounds = bench.size >= 500_000 ? { floor: 0.5, aim: 1 } : {}
    return [
      {
        row: 'growth',
        what: `rare TERM, counted, over ${TIMES} times as many events`,
        figures,
        ratios: [faster(figures[1]!, figures[0]!, bounds), faster(figures[3]!, figures[2]!, bounds)],
        notes: [],
      },
    ]
  },
}
