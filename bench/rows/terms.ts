import type { Bench, Row } from '../bench'
import { type Figure, faster, figure, type Job, type Ratio, type Result, rounds, settled } from '../measure'
import { countLines, hasRipgrep } from '../ripgrep'
import { answerOf } from '../search'

/** Events from which on the bounds hold: over fewer a scan of all is over before a search has begun. */
const BOUNDED = 500_000

interface TermRow {
  readonly name: string
  readonly what: string
  /** What ripgrep looks for; of the rare term the data says it. */
  readonly text?: string
  readonly search: (text: string) => string
  readonly bounds: Pick<Ratio, 'floor' | 'aim'>
}

async function measured(bench: Bench, row: TermRow): Promise<Result> {
  const data = await bench.events()
  const { ours } = await bench.ours()
  const engine = await bench.engine()
  const text = row.text ?? data.rare
  const search = row.search(text)
  bench.say(`${row.name}: ${search}`)
  const first = await ours.order({ do: 'search', text: search })
  const jobs: Job[] = [() => answerOf(engine, search), () => ours.order({ do: 'search', text: search })]
  const rg = hasRipgrep()
  if (rg) {
    // Both must have found the same.
    const lines = await countLines(data, text)
    if (lines !== first.events) throw new Error(`${row.name}: ${first.events} events, but ripgrep counts ${lines}`)
    jobs.push(() => countLines(data, text))
  }
  await settled(jobs)
  const [served, alone, theirs] = await rounds(bench.runs * 2 + 1, jobs)
  const figures: Figure[] = [figure('ours', 'ms', served!), figure('ours, one thread', 'ms', alone!)]
  if (theirs) figures.push(figure('ripgrep', 'ms', theirs))
  const share = ((100 * first.events) / data.events).toPrecision(2)
  return {
    row: row.name,
    what: row.what,
    figures,
    ratios: theirs ? [faster(figures[0]!, figures[2]!, bench.size >= BOUNDED ? row.bounds : {})] : [],
    notes: [
      `${first.events} events (${share} %)`,
      `first run in a process ${first.milliseconds.toFixed(1)} ms`,
      ...(rg ? [] : ['ripgrep is not there']),
    ],
  }
}

const termRow = (row: TermRow): Row => ({ name: row.name, measure: async (bench) => [await measured(bench, row)] })

const counted = (text: string) => `search ${text} | stats count`
const DENSE = { floor: 0.5, aim: 3 }

export const terms: readonly Row[] = [
  termRow({ name: 'rare', what: 'rare TERM, counted', search: (t) => counted(`TERM(${t})`), bounds: { floor: 50, aim: 200 } }),
  termRow({ name: 'rare-event', what: 'rare TERM, the event with all its fields', search: (t) => `search TERM(${t})`, bounds: {} }),
  termRow({ name: 'sparse', what: 'term of 0.04 %, counted', text: 'commands.scr', search: counted, bounds: { floor: 3, aim: 10 } }),
  termRow({ name: 'dense-11', what: 'term of 11 %, counted', text: 'chrome.exe', search: counted, bounds: DENSE }),
  termRow({ name: 'dense-43', what: 'term of 43 %, counted', text: 'svchost.exe', search: counted, bounds: DENSE }),
  termRow({ name: 'phrase', what: 'phrase of every event, counted', text: 'EventID>1<', search: (t) => counted(`"${t}"`), bounds: DENSE }),
]
