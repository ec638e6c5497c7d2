import { isIPv4, isIPv6 } from 'node:net'
import { DEFAULT_PASSWORD } from './settings'

/** Whether only this machine can reach the address. */
export function isLoopback(address: string): boolean {
  if (address === 'localhost') return true
  if (isIPv4(address)) return address.startsWith('127.')
  return isIPv6(address) && /^(::1|(0+:){7}0*1|::ffff:127\.\d+\.\d+\.\d+)$/i.test(address)
}

/**
 * Says why a server must not listen there: other machines reach the address and everyone knows the password.
 * @returns nothing when it may
 */
export function refusedBinding(address: string, passwords: readonly string[]): string | undefined {
  if (isLoopback(address) || !passwords.some((password) => password === '' || password === DEFAULT_PASSWORD)) return undefined
  return `Refused to listen on ${address} with the default password: other machines could sign in. Choose a password, or listen on 127.0.0.1.`
}
