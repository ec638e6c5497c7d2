import { join } from 'node:path'
import { EngineHead } from '../../search/engine-head'
import type { Row } from '../bench'
import { Duck } from '../duck'
import { faster, figure, type Job, timed } from '../measure'
import { answerOf } from '../search'

const counted = (field: string) => `search index=main | stats count by ${field}`
const FIELDS = ['level', 'service.region', 'request.method', 'response.status', 'request.headers.agent']
/** Asked for before anything is measured. */
const WARMING = ['service.version', 'response.cached']
const fromRaw = (field: string) =>
  `SELECT json_extract_string(raw, '$.${field}') AS value, count(*)::INT FROM events WHERE value IS NOT NULL GROUP BY value`

/** `stats count by X` from the texts of JSON events, each field for the first time; DuckDB beside it. */
export const json: Row = {
  name: 'json',
  async measure(bench) {
    const data = await bench.json()
    const db = bench.path('store-json')
    await bench.fresh((ours) => ours.order({ do: 'ingest', db, data }))
    const duck = await Duck.load(data)
    const engine = await EngineHead.start({ db, program: join(bench.root, 'dist', 'engine.js'), log: bench.say })
    try {
      bench.say(`json: ${counted('X')}`)
      for (const field of WARMING) for (const warm of [answerOf(engine, counted(field)), duck.rows(fromRaw(field))]) await warm
      const times: number[][] = [[], []]
      for (const field of FIELDS) {
        const jobs: Job[] = [() => answerOf(engine, counted(field)), () => duck.rows(fromRaw(field))]
        for (const [i, job] of jobs.entries()) times[i]!.push(...(await timed(1, job)))
        const [found, groups] = [(await answerOf(engine, counted(field))).rows, await duck.rows(fromRaw(field))]
        if (String(sorted(found)) !== String(sorted(groups))) throw new Error(`json: the groups of ${field} differ from those of DuckDB`)
      }
      const fresh = figure('ours', 'ms', times[0]!)
      const theirs = figure('DuckDB, json_extract_string', 'ms', times[1]!)
      const rate = (ms: number) => `${(data.events / ms / 1000).toFixed(2)} M events/s`
      return [
        {
          row: 'json',
          what: 'stats count by a field of JSON, from raw text',
          figures: [fresh, theirs],
          ratios: [faster(fresh, theirs, { aim: 1 })],
          notes: [
            `${rate(fresh.median)}; DuckDB ${rate(theirs.median)}; two threads each; ${FIELDS.length} fields, each once`,
            `${Math.round(data.bytes / data.events)} bytes each`,
          ],
        },
      ]
    } finally {
      duck.close()
      await engine.close()
    }
  },
}

const sorted = (rows: readonly (readonly unknown[])[]) => rows.map((r) => r.join('=')).sort()
