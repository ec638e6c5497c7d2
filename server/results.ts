import type { Page } from '../output/format'
import { paced } from '../output/paced'
import { RESULT_TIME, withTimes } from '../output/times'
import type { Job, JobStatus, Rows, RowsRequest } from '../search/head'
import { findZone, UTC, type Zone } from '../spl/values/time/zone'
import type { StreamAnswer } from './answer'
import type { Request } from './endpoint'
import { formatOf } from './formats'
import { isDone, messagesOf } from './job-entry'
import { choice, flag, integer, noted, optional, text, texts, unsupported, type Values } from './params'

/** Parameters of everything that answers with rows. @source REST API Reference 9.x, search/jobs/{search_id}/results */
export const rowParams = {
  f: texts,
  field_list: text(''),
  show_metadata: flag(false),
  output_time_format: optional,
  segmentation: noted('no segments are marked'),
  add_summary_to_metadata: unsupported('0', 'false'),
  max_lines: unsupported('0'),
  truncation_mode: choice(['abstract', 'truncate'], 'abstract'),
}
export const pageParams = { ...rowParams, count: integer(100, 0), offset: integer(0), search: optional, check_risky_command: flag(true) }
export type PageArgs = Values<typeof pageParams>

export const zoneOf = (name: string | undefined): Zone => (name === undefined ? UTC : (findZone(name) ?? UTC))

/** The fields asked for, by `f` or by a list. */
export const fieldsOf = ({ f, field_list }: Pick<PageArgs, 'f' | 'field_list'>): readonly string[] => [
  ...f,
  ...field_list
    .split(',')
    .map((name) => name.trim())
    .filter(Boolean),
]

const EMPTY: Rows = { fields: [], rows: [] }

interface Cut {
  readonly table: Rows
  readonly offset: number
  readonly postProcessCount?: number
}

/** The rows of a page. A search over them must see them all before the page is cut. */
async function cutPage(job: Job, kind: RowsRequest['kind'], args: PageArgs, available: number): Promise<Cut> {
  const fields = fieldsOf(args)
  const chosen = fields.length ? { fields } : {}
  if (!args.search) {
    const offset = args.offset < 0 ? Math.max(0, available + args.offset) : args.offset
    return { table: await job.rows({ kind, offset, count: args.count, ...chosen }), offset }
  }
  const all = await job.rows({ kind, offset: 0, count: 0, search: args.search, ...chosen })
  const offset = args.offset < 0 ? Math.max(0, all.rows.length + args.offset) : args.offset
  const rows = all.rows.slice(offset, args.count ? offset + args.count : undefined)
  return { table: { fields: all.fields, rows }, offset, postProcessCount: all.rows.length }
}

/** A page of a job's rows, written in the request's output mode. @throws HttpProblem 400 for an unknown one */
export async function pageAnswer(request: Request, job: Job, kind: RowsRequest['kind'], args: PageArgs): Promise<StreamAnswer> {
  const format = formatOf(request.outputMode)
  const status = job.status()
  const failed = status.state === 'FAILED'
  const available = kind === 'events' ? status.eventAvailableCount : status.resultCount
  const cut: Cut = failed ? { table: EMPTY, offset: 0 } : await cutPage(job, kind, args, available)
  const page: Page = {
    preview: kind === 'preview' && !isDone(status),
    offset: cut.offset,
    messages: messagesOf(status),
    table: withTimes(cut.table, args.output_time_format ?? RESULT_TIME, jobZone(status, request)),
    metadata: args.show_metadata,
    ...(cut.postProcessCount !== undefined && { postProcessCount: cut.postProcessCount }),
  }
  return { status: 200, contentType: format.contentType, pieces: paced(format.document(page)) }
}

export const jobZone = (status: JobStatus, { settings }: Pick<Request, 'settings'>): Zone =>
  zoneOf(status.request.timeZone ?? settings.timeZone)
