import { request } from 'node:https'
import type { Cell } from '../../search/head'

/** A row as clients get it: its fields that have a value. */
export type ClientRow = Readonly<Record<string, Exclude<Cell, null>>>

interface Answer {
  readonly status: number
  readonly body: string
}

/** Milliseconds between two looks at a job. */
const PATIENCE = 20

/** A client of the REST API, as any program would be one: https, a session, a job, its results. */
export class RestClient {
  private constructor(
    private readonly base: string,
    readonly sessionKey: string,
  ) {}

  /** @throws Error when it is not let in */
  static async login(base: string, username: string, password: string): Promise<RestClient> {
    const { sessionKey } = parsed(await call('POST', `${base}/services/auth/login?output_mode=json`, { username, password }))
    return new RestClient(base, sessionKey as string)
  }

  /** Runs a search and waits for its rows. @throws Error with what the server said */
  async rowsOf(search: string): Promise<readonly ClientRow[]> {
    const { sid } = parsed(await this.call('POST', 'search/jobs', { search, output_mode: 'json' }))
    const job = `search/jobs/${encodeURIComponent(sid as string)}`
    for (;;) {
      const { entry } = parsed(await this.call('GET', `${job}?output_mode=json`)) as unknown as { entry: readonly [JobEntry] }
      const { isDone, isFailed, messages } = entry[0].content
      if (isFailed) throw new Error(`The search failed: ${JSON.stringify(messages)}`)
      if (isDone) break
      await new Promise((resolve) => setTimeout(resolve, PATIENCE))
    }
    const { results } = parsed(await this.call('GET', `${job}/results?output_mode=json&count=0`))
    return results as readonly ClientRow[]
  }

  private call(method: string, path: string, form?: Readonly<Record<string, string>>): Promise<Answer> {
    return call(method, `${this.base}/services/${path}`, form, { authorization: `Splunk ${this.sessionKey}` })
  }
}

interface JobEntry {
  readonly content: { readonly isDone: boolean; readonly isFailed: boolean; readonly messages: unknown }
}

function parsed({ status, body }: Answer): Readonly<Record<string, unknown>> {
  if (status >= 400) throw new Error(`The server answered ${status}: ${body.trim()}`)
  return JSON.parse(body) as Readonly<Record<string, unknown>>
}

/** The certificate was made a moment ago by the server that this process started: there is nobody to vouch for it. */
export const OWN_CERTIFICATE = { rejectUnauthorized: false }

function call(
  method: string,
  url: string,
  form?: Readonly<Record<string, string>>,
  headers: Readonly<Record<string, string>> = {},
): Promise<Answer> {
  const body = form === undefined ? undefined : new URLSearchParams(form).toString()
  const type = body === undefined ? {} : { 'content-type': 'application/x-www-form-urlencoded' }
  return new Promise((resolve, reject) => {
    const sent = request(url, { method, headers: { ...headers, ...type }, ...OWN_CERTIFICATE }, (response) => {
      const parts: Buffer[] = []
      response.on('data', (part: Buffer) => parts.push(part))
      response.on('error', reject)
      response.on('end', () => resolve({ status: response.statusCode ?? 0, body: Buffer.concat(parts).toString('utf8') }))
    })
    sent.on('error', reject)
    sent.end(body)
  })
}
