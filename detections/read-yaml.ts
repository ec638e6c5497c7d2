import { parseDocument, type YAMLParseError } from 'yaml'

/** Lines that are indented in one file, at most. */
const MOST_REPAIRS = 100

/**
 * Reads YAML. A quoted scalar that goes on in column 1 is read as well: catalogues have such, since PyYAML, which their own tools use,
 * takes them. Its lines are indented, which folding takes away again.
 * @param name  what messages call the text
 * @throws Error that names text, line and column
 */
export function readYaml(text: string, name: string): unknown {
  const lines = text.split('\n')
  let first: YAMLParseError | undefined
  for (let repairs = 0; ; repairs++) {
    const document = parseDocument(lines.join('\n'))
    const error = document.errors[0]
    if (!error) return document.toJS()
    first ??= error
    const line = repairs < MOST_REPAIRS ? lineToIndent(error, lines) : undefined
    if (line === undefined) throw new Error(`${name}: ${first.message.split('\n')[0]!.replace(/:$/, '')}`)
    lines[line] = ` ${lines[line]}`
  }
}

/** The quote is missed at the end of the line before the one that is to be indented. Lines of the error count from 1. */
function lineToIndent({ code, message, linePos }: YAMLParseError, lines: readonly string[]): number | undefined {
  const after = linePos?.[0].line
  return code === 'MISSING_CHAR' && /closing/.test(message) && after !== undefined && /^\S/.test(lines[after] ?? '') ? after : undefined
}
