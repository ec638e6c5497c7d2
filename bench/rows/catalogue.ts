import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { isRuleFile, readRules } from '../../detections/rule'
import { implied } from '../../search/read'
import type { Row } from '../bench'
import { runsOfMany } from './rules'

/** Seconds that the rules may take. */
const FLOOR = 30
const AIM = 3

/** The rules of a catalogue over the real events in one pass, expansion of macros and planning included. */
export const catalogue: Row = {
  name: 'catalogue',
  async measure(bench) {
    const folder = join(bench.root, '..', 'shared', 'corpus', 'armory')
    const data = await bench.real()
    if (!data || !existsSync(folder)) {
      bench.say('catalogue: passed over, the data is not there')
      return []
    }
    const texts = readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter(isRuleFile)
      .flatMap((file) => readRules(file, readFileSync(join(folder, file), 'utf8'), () => new Map()))
      .map((rule) => implied(rule.search))
    const { time, found } = await runsOfMany(bench, 'catalogue', { data, texts })
    const refused = found.flatMap(([, code]) => (code === undefined ? [] : [String(code)]))
    const codes = [...new Set(refused)].map((code) => `${refused.filter((c) => c === code).length} ${code}`)
    return [
      {
        row: 'catalogue',
        what: `${texts.length} rules of a catalogue over ${data.events} real events`,
        figures: [time],
        ratios: [{ over: `${FLOOR} s`, value: (FLOOR * 1000) / time.median, ...(bench.size >= 500_000 && { floor: 1, aim: FLOOR / AIM }) }],
        notes: [
          `${texts.length - refused.length} run, ${refused.length} refused${codes.length > 0 ? `: ${codes.join(', ')}` : ''}`,
          `${found.filter(([n]) => Number(n) > 0).length} with results`,
          'one process each, start of the head included',
        ],
      },
    ]
  },
}
