import { isIPv4, isIPv6 } from 'node:net'
import { DEFAULT_PASSWORD, DEFAULT_TOKEN } from './settings'

/** Whether only this machine can reach the address. */
export function isLoopback(address: string): boolean {
  if (address === 'localhost') return true
  if (isIPv4(address)) return address.startsWith('127.')
  return isIPv6(address) && /^(::1|(0+:){7}0*1|::ffff:127\.\d+\.\d+\.\d+)$/i.test(address)
}

/** What a server lets others in by. */
export interface Openings {
  readonly address: string
  readonly accounts: readonly { readonly password: string }[]
  readonly tokens: readonly { readonly token: string }[]
}

/**
 * Says why a server must not listen there: other machines reach the address and everyone knows the password or the token.
 * @returns nothing when it may
 */
export function refusedBinding({ address, accounts, tokens }: Openings): string | undefined {
  if (isLoopback(address)) return undefined
  if (accounts.some(({ password }) => password === '' || password === DEFAULT_PASSWORD))
    return `Refused to listen on ${address} with the default password: other machines could sign in. Choose a password, or listen on 127.0.0.1.`
  if (tokens.some(({ token }) => token === DEFAULT_TOKEN))
    return `Refused to listen on ${address} with the default token of the Event Collector: other machines could send events. Choose a token, or listen on 127.0.0.1.`
  return undefined
}
