import type { Row } from '../bench'
import { faster, figure, type Job, rounds, settled, timed } from '../measure'
import { answerOf } from '../search'

const counted = (field: string) => `search index=main | stats count by ${field}`
/** Elements of the system part: what nobody asked for yet is extracted from the texts. */
const FIELDS = ['Computer', 'Level', 'Task', 'Opcode', 'Channel']
/** Asked for before anything is measured. */
const WARMING = ['Keywords', 'Version']
const fromRaw = (field: string) =>
  `SELECT regexp_extract(raw, '<${field}>([^<]*)</${field}>', 1) AS value, count(*)::INT FROM events GROUP BY value`

/** `stats count by X` from the texts, each field for the first time, and by one of them once more; DuckDB beside it. */
export const countBy: Row = {
  name: 'count-by',
  async measure(bench) {
    const data = await bench.events()
    const duck = await bench.duckdb()
    const { ours } = await bench.ours()
    const engine = await bench.engine()
    const alone = (field: string) => ours.order({ do: 'search', text: counted(field) })
    bench.say(`count-by: ${counted('X')}`)
    for (const field of WARMING) for (const warm of [answerOf(engine, counted(field)), alone(field), duck.rows(fromRaw(field))]) await warm
    const first: number[][] = [[], [], []]
    for (const field of FIELDS) {
      const jobs: Job[] = [() => answerOf(engine, counted(field)), () => alone(field), () => duck.rows(fromRaw(field))]
      for (const [i, job] of jobs.entries()) first[i]!.push(...(await timed(1, job)))
    }
    const [again] = FIELDS
    const found = await answerOf(engine, counted(again!))
    const groups = await duck.rows(fromRaw(again!))
    if (String(sorted(found.rows)) !== String(sorted(groups))) throw new Error('count-by: the groups differ from those of DuckDB')
    await duck.rows(
      `CREATE TABLE IF NOT EXISTS ready AS SELECT regexp_extract(raw, '<${again}>([^<]*)</${again}>', 1) AS value FROM events`,
    )
    const jobs = [
      () => answerOf(engine, counted(again!)),
      () => alone(again!),
      () => duck.rows('SELECT value, count(*)::INT FROM ready GROUP BY value'),
    ]
    await settled(jobs)
    const [served, single, ready] = await rounds(bench.runs * 2 + 1, jobs)
    const fresh = figure('ours', 'ms', first[0]!)
    const theirs = figure('DuckDB, regexp_extract', 'ms', first[2]!)
    const column = figure('DuckDB, ready column', 'ms', ready!)
    const kept = figure('ours', 'ms', served!)
    const rate = (ms: number) => `${(data.events / ms / 1000).toFixed(2)} M events/s`
    return [
      {
        row: 'count-by',
        what: 'stats count by a field, from raw text',
        figures: [fresh, figure('ours, one thread', 'ms', first[1]!), theirs],
        ratios: [faster(fresh, theirs, { floor: 0.6, aim: 1.5 })],
        notes: [`${rate(fresh.median)}; DuckDB ${rate(theirs.median)}; two threads each; ${FIELDS.length} fields, each once`],
      },
      {
        row: 'count-by-again',
        what: 'the same again',
        figures: [kept, figure('ours, one thread', 'ms', single!), column],
        ratios: [faster(kept, column, { aim: 1 }), { over: '1 M events/s', value: data.events / kept.median / 1000, floor: 10, aim: 50 }],
        notes: [`${rate(kept.median)}; DuckDB ${rate(column.median)}`],
      },
    ]
  },
}

const sorted = (rows: readonly (readonly unknown[])[]) => rows.map((r) => r.join('=')).sort()
