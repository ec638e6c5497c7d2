import type { IncomingHttpHeaders } from 'node:http'
import { badSession, noCredentials } from './errors'
import { findAccount, type Sessions } from './sessions'
import type { Account } from './settings'

/** Who calls, and the cookie that said so: it is sent again with each answer. */
export interface Caller {
  readonly account: Account
  readonly cookie?: { readonly name: string; readonly value: string }
}

/** The user and password of a Basic header. */
export function basicPair(encoded: string): readonly [string, string] {
  const text = Buffer.from(encoded, 'base64').toString('utf8')
  const at = text.indexOf(':')
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)]
}

/** Scheme, in lower case, and the rest of an Authorization header. */
export function authorization(header: string): readonly [string, string] {
  const match = /^\s*(\S+)\s*(.*?)\s*$/.exec(header)
  return match ? [match[1]!.toLowerCase(), match[2]!] : ['', '']
}

/** The first cookie whose name begins with `splunkd_`; others are none of ours. */
export function sessionCookie(header: string | undefined): { name: string; value: string } | undefined {
  for (const part of (header ?? '').split(';')) {
    const [name = '', ...rest] = part.trim().split('=')
    if (name.startsWith('splunkd_')) return { name, value: rest.join('=').replace(/^"(.*)"$/, '$1') }
  }
  return undefined
}

/**
 * Who sends a request. `Splunk` and `Bearer` take a session key, `Basic` an account; a cookie counts where no header does.
 * @throws HttpProblem 401
 */
export function readCaller(headers: IncomingHttpHeaders, accounts: readonly Account[], sessions: Sessions): Caller {
  if (headers.authorization !== undefined) return { account: fromHeader(headers.authorization, accounts, sessions) }
  const cookie = sessionCookie(headers.cookie)
  if (!cookie) throw noCredentials()
  const account = sessions.use(cookie.value)
  if (!account) throw badSession()
  return { account, cookie }
}

function fromHeader(header: string, accounts: readonly Account[], sessions: Sessions): Account {
  const [scheme, value] = authorization(header)
  if (scheme === 'basic') {
    const account = findAccount(accounts, ...basicPair(value))
    if (!account) throw noCredentials()
    return account
  }
  const account = scheme === 'splunk' || scheme === 'bearer' ? sessions.use(value) : undefined
  if (!account) throw badSession()
  return account
}

/** The one cookie of a session. @source recorded: `splunkd_8089=…; Path=/; Secure; HttpOnly; Max-Age=3600; Expires=…` */
export function setCookie(cookie: { name: string; value: string }, lifeSeconds: number, secure: boolean): string {
  const expires = new Date(Date.now() + lifeSeconds * 1000).toUTCString()
  // Without TLS a browser would not keep a Secure cookie; the page's own is not sent from other sites.
  const guard = secure ? 'Secure' : 'SameSite=Strict'
  return `${cookie.name}=${cookie.value}; Path=/; ${guard}; HttpOnly; Max-Age=${lifeSeconds}; Expires=${expires}`
}
