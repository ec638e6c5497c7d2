import { hostname } from 'node:os'
import { generate } from 'selfsigned'

export interface Certificate {
  readonly key: string
  readonly cert: string
}

/** A certificate of its own for this machine: made at each start, on an elliptic curve since an RSA key would take a second. */
export async function selfMadeCertificate(address: string): Promise<Certificate> {
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
