import type { Figure, Ratio, Result } from './measure'

const DIGITS = 3
const short = (x: number): string => {
  if (x >= 1000) return Math.round(x).toLocaleString('en-US')
  return String(Number(x.toPrecision(DIGITS)))
}

const belowFloor = ({ value, floor }: Ratio): boolean => floor !== undefined && value < floor

/** Ratios that lie below their floors, as `row: 1.2× tool, floor 3`. */
export const missedFloors = (results: readonly Result[]): readonly string[] =>
  results.flatMap(({ row, ratios }) =>
    ratios.filter(belowFloor).map((r) => `${row}: ${short(r.value)}× ${r.over}, floor ${short(r.floor!)}`),
  )

/** The bounds of a ratio, `below the floor of 3` or `≥ 6, the aim`. */
function judged(ratio: Ratio): string {
  const { value, floor, aim } = ratio
  if (belowFloor(ratio)) return `, below the floor of ${short(floor!)}`
  if (aim !== undefined) return value >= aim ? `, the aim of ${short(aim)} reached` : `, aim ${short(aim)}`
  return floor === undefined ? '' : `, floor ${short(floor)}`
}
const figureText = (f: Figure): string => {
  const spread = f.runs > 1 ? ` (${short(f.least)}–${short(f.most)}, ${f.runs}×)` : ''
  return `${f.name} ${short(f.median)} ${f.unit}${spread}`
}
const ratioText = (r: Ratio): string => `**${short(r.value)}×** ${r.over}${judged(r)}`

/** The results as a table of Markdown: medians, with the least, the most and the number of runs. */
export function markdown(results: readonly Result[]): string {
  const rows = results.map((r) => {
    const cells = [r.what, r.ratios.map(ratioText).join('<br>'), r.figures.map(figureText).join('<br>'), r.notes.join('; ')]
    return `| ${cells.map((c) => c.replaceAll('|', '\\|')).join(' | ')} |`
  })
  return ['| what | ratios | figures: median (least–most, runs) | notes |', '|---|---|---|---|', ...rows].join('\n')
}
