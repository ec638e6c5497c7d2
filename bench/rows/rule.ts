import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'yaml'
import type { Row } from '../bench'
import { figure, rounds } from '../measure'
import { answerOf } from '../search'

/** The rule that ships, over all events: macros, terms, fields, a regex, statistics. */
export const rule: Row = {
  name: 'rule',
  async measure(bench) {
    const { logic } = parse(readFileSync(join(bench.root, 'data', 'rules', 'windows_ftp_exfiltration.yml'), 'utf8')) as { logic: string }
    const { ours } = await bench.ours()
    const engine = await bench.engine()
    bench.say('rule: Windows FTP Exfiltration')
    const text = `search ${logic}`
    const first = await ours.order({ do: 'search', text })
    if (first.rows.length === 0) throw new Error('rule: it found nothing')
    const jobs = [() => answerOf(engine, text), () => ours.order({ do: 'search', text })]
    await rounds(2, jobs)
    const [served, alone] = await rounds(bench.runs, jobs)
    return [
      {
        row: 'rule',
        what: 'the rule that ships',
        figures: [figure('ours', 'ms', served!), figure('ours, one thread', 'ms', alone!)],
        ratios: [],
        notes: [`${first.rows.length} rows`, `first run in a process ${first.milliseconds.toFixed(1)} ms`],
      },
    ]
  },
}
