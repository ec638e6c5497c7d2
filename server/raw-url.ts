import { type Form, parseForm } from './form'

/** What a request asks for: the path below `/services`, decoded, and in whose name. */
export interface Target {
  readonly segments: readonly string[]
  /** `-` is any; absent when the path begins with `/services`. */
  readonly owner?: string
  readonly app?: string
  readonly query: Form
  /** Whether the path came by splunkweb's proxy, `/en-US/splunkd/__raw`. */
  readonly proxied: boolean
}

const LOCALE = /^[a-z]{2}-[A-Z]{2}$/

/**
 * Reads a request's URL as it came over the wire. Trailing and double slashes mean nothing.
 * @returns nothing when the path is not one of the API
 * @throws URIError where an escape is malformed
 */
export function readTarget(url: string): Target | undefined {
  const at = url.indexOf('?')
  const query = parseForm(at < 0 ? '' : url.slice(at + 1))
  const parts = (at < 0 ? url : url.slice(0, at)).split('/').filter(Boolean)
  const proxy = proxyLength(parts)
  const segments = parts.slice(proxy).map(decodeSegment)
  const common = { query, proxied: proxy > 0 }
  if (segments[0] === 'services') return { ...common, segments: segments.slice(1) }
  const [root, owner, app, ...rest] = segments
  if (root !== 'servicesNS' || owner === undefined || app === undefined) return undefined
  return { ...common, segments: rest, owner, app }
}

function proxyLength(parts: readonly string[]): number {
  const locale = LOCALE.test(parts[0] ?? '') ? 1 : 0
  return parts[locale] === 'splunkd' && parts[locale + 1] === '__raw' ? locale + 2 : 0
}

/**
 * A plus is a blank, also here: splunklib quotes names so. Names with slashes and colons arrive encoded twice.
 */
function decodeSegment(part: string): string {
  const once = decodeURIComponent(part.replaceAll('+', ' '))
  return /%(2f|3a)/i.test(once) ? decodeURIComponent(once) : once
}

/** A name as a segment of a link: a slash is encoded twice, or splunklib asks for two segments. */
export const linkSegment = (name: string): string => encodeURIComponent(name).replaceAll('%2F', '%252F')
