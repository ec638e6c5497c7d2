/** A page of the reference: its path below docs/reference/, and what the index says of it. */
export interface Page {
  readonly path: string
  readonly title: string
  readonly summary: string
  readonly text: string
}

const MADE = '<!-- Made from the definition by `npm run docs`. -->'

/** Parts are separated by blank lines; what is undefined is left out. */
export const pageText = (title: string, parts: readonly (string | undefined)[]): string =>
  `${[`# ${title}`, MADE, ...parts.filter((part) => part !== undefined && part !== '')].join('\n\n')}\n`

export const code = (text: string): string => {
  const fence = '`'.repeat(Math.max(0, ...[...text.matchAll(/`+/g)].map(([run]) => run.length)) + 1)
  return fence.length > 1 ? `${fence} ${text} ${fence}` : `${fence}${text}${fence}`
}

export const block = (language: string, lines: readonly string[]): string => `\`\`\`${language}\n${lines.join('\n')}\n\`\`\``

/** Nothing where there are no rows. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string | undefined {
  if (rows.length === 0) return undefined
  const line = (cells: readonly string[]) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|').replaceAll('\n', ' ')).join(' | ')} |`
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n')
}

export const list = (items: readonly string[]): string => items.map((item) => `- ${item}`).join('\n')

export const section = (title: string, text: string | undefined): string | undefined => (text ? `## ${title}\n\n${text}` : undefined)
