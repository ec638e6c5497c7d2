import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { implied } from '../../search/read'
import type { Row } from '../bench'
import { figure } from '../measure'

interface Rule {
  readonly spl: string
  readonly strict: boolean
  readonly expected_otrf200k: number
}

/** Seconds that the rules may take. */
const FLOOR = 60
const AIM = 3

/** Many rules over the real events in one pass, reading and planning included; their events were indexed before. */
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
    const db = bench.path('store-rules')
    await bench.fresh((ours) => ours.order({ do: 'ingest', db, data }))
    bench.say(`rules: ${all.length}`)
    const texts = all.map((r) => implied(r.spl))
    const times: number[] = []
    let counts: readonly number[] = []
    for (let i = 0; i < 3; i++) {
      const done = await bench.fresh((ours) => ours.order({ do: 'many', db, texts }))
      times.push(done.milliseconds)
      counts = done.rows.map(([n]) => Number(n))
    }
    const whole = bench.size >= 500_000
    const wrong = all.filter((r, i) => r.strict && r.expected_otrf200k !== counts[i]).length
    if (whole && wrong > 0) throw new Error(`rules: ${wrong} strict ones found another number of events than they should`)
    const time = figure('ours', 'ms', times)
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
