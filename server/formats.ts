import type { OutputFormat } from '../output/format'
import { readCatalogue } from '../search/catalogue'
import { refused } from './errors'

const formats: ReadonlyMap<string, OutputFormat> = new Map(
  readCatalogue('outputs')
    .map(({ definition }) => definition as OutputFormat)
    .filter(({ local }) => !local)
    .map((format) => [format.name, format]),
)

/** The format of a result. @throws HttpProblem 400 */
export function formatOf(outputMode: string): OutputFormat {
  const format = formats.get(outputMode)
  if (!format) throw refused(400, `Invalid output_mode "${outputMode}". Use one of ${[...formats.keys()].sort().join(', ')}.`, 'FATAL')
  return format
}
