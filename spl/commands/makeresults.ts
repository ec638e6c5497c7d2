import { type Batch, batchOf } from '../batch/batch'
import { type Column, constant } from '../batch/column'
import { NOTHING } from '../batch/demand'
import { madeOrder } from '../batch/order'
import { inlineRows } from '../operators/inline-rows'
import { isHere } from '../operators/servers'
import type { ArgumentReader } from '../syntax/arguments'
import type { RunContext } from '../syntax/behaviour'
import { command } from '../syntax/command'
import { boolean, integer, list, maybe, option, own, text } from '../syntax/shapes'
import { fail, problem } from '../text/problems'

interface Arguments {
  readonly count: number | undefined
  readonly annotate: boolean | undefined
  readonly server: string | undefined
  readonly group: string | undefined
  readonly format: string | undefined
  readonly data: string | undefined
  readonly unknown: readonly string[]
}

const MOST_ROWS = 50_000
const MOST_DATA = 29_999

export default command({
  name: 'makeresults',
  summary: 'Makes results in memory: empty ones with a time, or those of inline CSV or JSON.',
  source: 'Search Reference 9.x, makeresults',
  kind: 'generating',
  syntax: {
    count: option('count', integer, undefined),
    annotate: option('annotate', boolean, undefined),
    server: option('splunk_server', text, undefined),
    group: option('splunk_server_group', text, undefined),
    format: option('format', text, undefined),
    data: option('data', text, undefined),
    unknown: maybe(list(own('', 'an option', readUnknown)), [] as readonly string[]),
  },
  check({ count, annotate, server, group, format, data }) {
    if (group !== undefined) throw fail('not-supported-setup', { what: "the option 'splunk_server_group' of makeresults" })
    if (format === undefined && data === undefined) return
    if (format === undefined || data === undefined)
      throw usage("You must specify both 'format' and 'data' arguments to generate events from inline data.")
    if (count !== undefined || annotate !== undefined || server !== undefined)
      throw usage("When 'makeresults' generates events from inline data, it takes only the 'format' and 'data' arguments.")
    if (!/^(csv|json)$/i.test(format))
      throw usage(`An invalid 'format' was specified: ${format}. Valid 'format' options are 'csv' and 'json'.`)
    if (data.length > MOST_DATA) throw usage(`The inline data is too long: it must have less than ${MOST_DATA + 1} characters.`)
    if (format.toLowerCase() === 'json' && !/^\s*\[[\s\S]*\]\s*$/.test(data)) throw badJson()
  },
  needs: () => NOTHING,
  generate(args, context) {
    for (const name of args.unknown) context.report(problem('option-ignored', { command: 'makeresults', option: name }))
    if (args.data === undefined) return emptyRows(args, context)
    const rows = inlineRows(args.format!.toLowerCase() as 'csv' | 'json', args.data, context)
    if (!rows) throw badJson()
    return rows
  },
  examples: [
    'makeresults',
    'makeresults count=3 annotate=true',
    'makeresults format=csv data="a,b\n1,2"',
    'makeresults format=json data="[{\\"a\\": 1}]"',
  ],
})

const usage = (said: string) => fail('processor-usage', { who: 'MakeResultsProcessor', text: said })
const badJson = () =>
  usage(
    "Incorrectly-formatted JSON data detected. Make sure your JSON-formatted data starts with '[' and ends with ']' and consists of JSON objects.",
  )

/** Splunk passes over the options that this command does not know. @source measured on 10.4 */
function readUnknown(r: ArgumentReader): string {
  const name = r.optionHere()
  if (!name) throw r.unexpected()
  r.word()
  r.skipBlanks()
  r.pos++
  r.value()
  return name.text
}

function* emptyRows(args: Arguments, context: RunContext): Generator<Batch> {
  const asked = args.count ?? 1
  if (asked > MOST_ROWS) context.report(problem('count-capped', { command: 'makeresults', limit: MOST_ROWS }))
  if (!isHere(args.server, context)) return
  const count = Math.min(asked, MOST_ROWS)
  const columns: [string, Column][] = [['_time', constant(Math.floor(context.now))]]
  if (args.annotate) {
    for (const name of ['_raw', 'host', 'source', 'sourcetype', 'splunk_server_group']) columns.push([name, constant(null)])
    columns.push(['splunk_server', constant(context.host.serverName)])
  }
  for (let first = 0; first < count; first += context.batchRows) {
    const rows = Math.min(context.batchRows, count - first)
    yield batchOf(rows, columns, madeOrder(first, rows))
  }
}
