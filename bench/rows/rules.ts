import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { implied } from '../../search/read'
import type { Bench, Row } from '../bench'
import type { Done } from '../child'
import type { DataSet } from '../data-set'
import { figure } from '../measure'

interface Rule {
  readonly spl: string
  readonly strict: boolean
  readonly expected_otrf200k: number
}

/** Seconds that the rules may take. */
const FLOOR = 60
const AIM = 3

/** Times of searches run in one pass, and what each found. One process a run, the start of its head included; the events were indexed before. */
export async function runsOfMany(
  bench: Bench,
  name: string,
  { data, texts }: { readonly data: DataSet; readonly texts: readonly string[] },
) {
  const db = bench.path(`store-${name}`)
  await bench.fresh((ours) => ours.order({ do: 'ingest', db, data }))
  bench.say(`${name}: ${texts.length}`)
  const times: number[] = []
  let found: Done['rows'] = []
  for (let i = 0; i < 3; i++) {
    const done = await bench.fresh((ours) => ours.order({ do: 'many', db, texts }))
    times.push(done.milliseconds)
    found = done.rows
  }
  return { time: figure('ours', 'ms', times), found }
}

/** Many rules over the real events in one pass, reading and planning included. */
export const rules: Row = {
  name: 'rules',
  async measure(bench) {
    const file = join(bench.root, '..', 'shared', 'truth', 'rules.json')
    const data = await bench.real()
    if (!data || !existsSync(file)) {
      bench.say('rules: passed over, the data is not there')
      return []
    }
    const { rules: all } = JSON.parse(readFileSync(file, 'utf8')) as { readonly rules: readonly Rule[] }
    const { time, found } = await runsOfMany(bench, 'rules', { data, texts: all.map((r) => implied(r.spl)) })
    const counts = found.map(([n]) => Number(n))
    const whole = bench.size >= 500_000
    const wrong = all.filter((r, i) => r.strict && r.expected_otrf200k !== counts[i]).length
    if (whole && wrong > 0) throw new Error(`rules: ${wrong} strict ones found another number of events than they should`)
    const bounds = whole ? { floor: 1, aim: FLOOR / AIM } : {}
    return [
      {
        row: 'rules',
        what: `${all.length} rules over ${data.events} real events`,
        figures: [time],
        ratios: [{ over: `${FLOOR} s`, value: (FLOOR * 1000) / time.median, ...bounds }],
        notes: [
          `${all.filter((r, i) => r.expected_otrf200k === counts[i]).length} with the number of events expected`,
          'one process each, start of the head included',
        ],
      },
    ]
  },
}
