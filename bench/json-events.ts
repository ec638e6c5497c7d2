import type { HecEvent } from '../data/generate.mjs'

/** 2024-03-04 00:00:00 UTC */
const START = 1709510400
const METHODS = ['GET', 'GET', 'GET', 'POST', 'PUT', 'DELETE']
const STATUS = [200, 200, 200, 201, 204, 301, 304, 404, 500]
const REGIONS = ['eu-central-1', 'eu-west-1', 'us-east-1']
const AGENTS = ['Mozilla/5.0 (X11; Linux x86_64) "Firefox/124.0"', 'curl/8.5.0', 'okhttp/4.12.0', 'Go-http-client/2.0']
const HOSTS = 12

/** Requests to a web service as JSON: 26 fields, some nested, some in arrays, some 620 bytes. The same count gives the same bytes. */
export function* jsonEvents(count: number): Generator<HecEvent> {
  let state = 1
  const below = (n: number): number => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return Math.floor((state / 2 ** 32) * n)
  }
  const pick = <T>(list: readonly T[]): T => list[below(list.length)]!
  const hex = () =>
    below(2 ** 32)
      .toString(16)
      .padStart(8, '0')
  for (let i = 0; i < count; i++) {
    const time = START + i / 100
    const host = `web-${below(HOSTS)}`
    const event = {
      '@timestamp': new Date(time * 1000).toISOString(),
      id: hex() + hex(),
      level: below(40) === 0 ? 'error' : 'info',
      service: { name: 'checkout', version: `1.${below(4)}.0`, region: pick(REGIONS) },
      host: { name: host, ip: [`10.0.0.${below(HOSTS)}`, `fe80::${hex().slice(0, 4)}`], os: 'linux' },
      user: { id: below(5000), name: `user${below(5000)}`, admin: below(100) === 0 },
      request: {
        method: pick(METHODS),
        path: `/v1/orders/${below(100_000)}`,
        query: null,
        bytes: below(4096),
        headers: { accept: 'application/json', agent: pick(AGENTS) },
      },
      response: { status: pick(STATUS), bytes: below(65_536), ms: below(100_000) / 1000, cached: below(3) === 0 },
      spans: [
        { name: 'auth', ms: below(20) },
        { name: 'query', ms: below(200) },
      ],
      message: 'request "finished" in time',
    }
    yield { time, host, source: 'requests.json', sourcetype: 'requests', event: JSON.stringify(event) }
  }
}
