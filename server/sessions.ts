import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'
import type { Account } from './settings'

interface Session {
  readonly account: Account
  expires: number
}

const digest = (text: string): Buffer => createHash('sha256').update(text).digest()

/** Whether two texts are the same, in a time that does not tell how much of them is. */
export const sameText = (a: string, b: string): boolean => timingSafeEqual(digest(a), digest(b))

/** The account with this name and password. Every account is compared, so that the time tells no names. */
export function findAccount(accounts: readonly Account[], name: string, password: string): Account | undefined {
  let found: Account | undefined
  for (const account of accounts) {
    const both = [sameText(account.name, name), sameText(account.password, password)]
    if (both.every(Boolean)) found = account
  }
  return found
}

/** Session keys. They are kept as digests: finding one takes the same time for any wrong key. */
export class Sessions {
  private readonly sessions = new Map<string, Session>()

  /** @param lifeSeconds  a session ends when it was not used for so long */
  constructor(
    readonly lifeSeconds: number,
    private readonly clock: () => number = () => Date.now() / 1000,
  ) {}

  open(account: Account): string {
    const now = this.clock()
    for (const [key, session] of this.sessions) if (session.expires <= now) this.sessions.delete(key)
    const key = randomBytes(48).toString('base64url')
    this.sessions.set(digest(key).toString('hex'), { account, expires: now + this.lifeSeconds })
    return key
  }

  /** The account of a key; using it makes it live on. */
  use(key: string): Account | undefined {
    const session = this.sessions.get(digest(key).toString('hex'))
    if (!session || session.expires <= this.clock()) return undefined
    session.expires = this.clock() + this.lifeSeconds
    return session.account
  }

  close(key: string): boolean {
    return this.sessions.delete(digest(key).toString('hex'))
  }
}
