import type { ClientRow } from './rest-client'

const WIDTH = 118

/** Rows of detections are wide: what all have in common stands once, then each row is a paragraph of what is its own. */
export function rowTexts(rows: readonly ClientRow[]): string {
  const [first] = rows
  if (!first) return ''
  const common = Object.keys(first).filter((name) => rows.length > 1 && rows.every((row) => text(row[name]) === text(first[name])))
  const lines =
    common.length === 0
      ? []
      : [
          ...paragraph(
            'all',
            common.map((name) => pair(first, name)),
          ),
        ]
  for (const [i, row] of rows.entries()) {
    const own = Object.keys(row).filter((name) => !common.includes(name))
    lines.push(
      ...paragraph(
        String(i + 1),
        own.map((name) => pair(row, name)),
      ),
    )
  }
  return `${lines.join('\n')}\n`
}

const text = (cell: ClientRow[string] | undefined): string | undefined => (cell === undefined ? undefined : JSON.stringify(cell))

const pair = (row: ClientRow, name: string): string => {
  const cell = row[name]!
  return `${name}=${typeof cell === 'string' ? cell : cell.join(' | ')}`
}

/** Pairs are not broken, whatever their length. */
function paragraph(label: string, pairs: readonly string[]): readonly string[] {
  const lines: string[] = []
  for (const next of pairs) {
    const line = lines[lines.length - 1]
    if (line === undefined || line.length + 2 + next.length > WIDTH - 5) lines.push(next)
    else lines[lines.length - 1] = `${line}  ${next}`
  }
  return lines.map((line, i) => `${(i === 0 ? label : '').padStart(4)} ${line}`)
}
