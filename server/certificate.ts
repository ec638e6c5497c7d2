import { hostname } from 'node:os'

export interface Certificate {
  readonly key: string
  readonly cert: string
}

/** A certificate of its own for this machine: made at each start, on an elliptic curve since an RSA key would take a second. */
export async function selfMadeCertificate(address: string): Promise<Certificate> {
  // Loaded here: reading it takes longer than making a certificate, and a server without TLS needs it never.
  const { generate } = require('selfsigned') as typeof import('selfsigned')
  const notAfterDate = new Date(Date.now() + 365 * 86_400_000)
  const names = [...new Set(['localhost', hostname()])].map((value) => ({ type: 2 as const, value }))
  const numbers = [...new Set(['127.0.0.1', '::1', address])].filter((ip) => /^[\d.]+$|:/.test(ip)).map((ip) => ({ type: 7 as const, ip }))
  const made = await generate([{ name: 'commonName', value: 'Headstand' }], {
    keyType: 'ec',
    curve: 'P-256',
    algorithm: 'sha256',
    notAfterDate,
    extensions: [{ name: 'subjectAltName', altNames: [...names, ...numbers] }],
  })
  return { key: made.private, cert: made.cert }
}
