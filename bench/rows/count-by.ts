import type { Row } from '../bench'
import { faster, figure, rounds, timed } from '../measure'
import { answerOf } from '../search'

const SEARCH = 'search index=main | stats count by Computer'
const FROM_RAW = "SELECT regexp_extract(raw, '<Computer>([^<]*)</Computer>', 1) AS computer, count(*)::INT FROM events GROUP BY computer"

/** `stats count by X` from the texts, in a head that was just opened, and once more over the same head; DuckDB beside it. */
export const countBy: Row = {
  name: 'count-by',
  async measure(bench) {
    const data = await bench.events()
    const duck = await bench.duckdb()
    const { ours, db } = await bench.ours()
    const engine = await bench.engine()
    bench.say(`count-by: ${SEARCH}`)
    const search = () => ours.order({ do: 'search', text: SEARCH })
    const found = await search()
    const groups = await duck.rows(FROM_RAW)
    if (String(sorted(found.rows)) !== String(sorted(groups))) throw new Error('count-by: the groups differ from those of DuckDB')
    await duck.rows(
      "CREATE TABLE IF NOT EXISTS ready AS SELECT regexp_extract(raw, '<Computer>([^<]*)</Computer>', 1) AS computer FROM events",
    )
    const opened: number[] = []
    for (let i = 0; i < bench.runs; i++) {
      await ours.order({ do: 'open', db })
      opened.push(...(await timed(1, search)))
    }
    const jobs = [
      () => answerOf(engine, SEARCH),
      search,
      () => duck.rows(FROM_RAW),
      () => duck.rows('SELECT computer, count(*)::INT FROM ready GROUP BY computer'),
    ]
    await rounds(2, jobs)
    const [served, alone, raw, ready] = await rounds(bench.runs, jobs)
    const theirs = figure('DuckDB, regexp_extract', 'ms', raw!)
    const column = figure('DuckDB, ready column', 'ms', ready!)
    const again = figure('ours', 'ms', served!)
    const fresh = figure('ours, one thread', 'ms', opened)
    const rate = (ms: number) => `${(data.events / ms / 1000).toFixed(2)} M events/s`
    return [
      {
        row: 'count-by',
        what: 'stats count by a field, from raw text',
        figures: [fresh, theirs],
        ratios: [faster(fresh, theirs, { floor: 0.6, aim: 1.5 })],
        notes: [`${rate(fresh.median)}; DuckDB ${rate(theirs.median)} on two threads`],
      },
      {
        row: 'count-by-again',
        what: 'the same again',
        figures: [again, figure('ours, one thread', 'ms', alone!), column],
        ratios: [
          faster(again, theirs),
          faster(again, column, { aim: 1 }),
          { over: '1 M events/s', value: data.events / again.median / 1000, floor: 10, aim: 50 },
        ],
        notes: [`${rate(again.median)}; DuckDB ${rate(column.median)}`],
      },
    ]
  },
}

const sorted = (rows: readonly (readonly unknown[])[]) => rows.map((r) => r.join('=')).sort()
