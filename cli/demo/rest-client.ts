import { request } from 'node:https'
import { parseStringPromise } from 'xml2js'
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
    const { response } = await document(await call('POST', `${base}/services/auth/login`, { username, password }))
    return new RestClient(base, response!.sessionKey as string)
  }

  /** Runs a search and waits for its rows: the job as XML, which is what the API speaks unasked, the rows as JSON. @throws Error with what the server said */
  async rowsOf(search: string): Promise<readonly ClientRow[]> {
    const { response } = await document(await this.call('POST', 'search/jobs', { search }))
    const job = `search/jobs/${encodeURIComponent(response!.sid as string)}`
    for (;;) {
      const { entry } = await document(await this.call('GET', job))
      const content = keysOf(entry as unknown as JobEntry)
      if (content.get('isFailed') === '1')
        throw new Error(`The search of job ${String(response!.sid)} failed; its log: ${this.base}/services/${job}/search.log`)
      if (content.get('isDone') === '1') break
      await new Promise((resolve) => setTimeout(resolve, PATIENCE))
    }
    const { results } = JSON.parse(accepted(await this.call('GET', `${job}/results?output_mode=json&count=0`))) as {
      results: readonly ClientRow[]
    }
    return results
  }

  private call(method: string, path: string, form?: Readonly<Record<string, string>>): Promise<Answer> {
    return call(method, `${this.base}/services/${path}`, form, { authorization: `Splunk ${this.sessionKey}` })
  }
}

/** An entry's content: a dict of named keys. */
interface JobEntry {
  readonly content: { readonly 's:dict': { readonly 's:key': readonly { readonly _?: string; readonly $: { readonly name: string } }[] } }
}
const keysOf = (e: JobEntry) => new Map(e.content['s:dict']['s:key'].map((k) => [k.$.name, k._ ?? '']))

function accepted({ status, body }: Answer): string {
  if (status >= 400) throw new Error(`The server answered ${status}: ${body.trim()}`)
  return body
}

const document = async (answer: Answer) =>
  (await parseStringPromise(accepted(answer), { explicitArray: false })) as Readonly<
    Record<string, Readonly<Record<string, unknown>> | undefined>
  >

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
