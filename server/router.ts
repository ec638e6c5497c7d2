import type { Endpoint } from './endpoint'

interface Route {
  readonly endpoint: Endpoint
  readonly segments: readonly string[]
}

export interface Match {
  readonly endpoint: Endpoint
  readonly path: Readonly<Record<string, string>>
}

/** The endpoints of an API by path. Where a word and a placeholder both fit, the word wins. */
export class Router {
  private readonly routes: readonly Route[]

  constructor(endpoints: readonly Endpoint[], api: Endpoint['api']) {
    const routes = endpoints
      .filter((endpoint) => endpoint.api === api)
      .flatMap((endpoint) => endpoint.paths.map((path) => ({ endpoint, segments: path.split('/').filter(Boolean) })))
    this.routes = routes.sort((a, b) => placeholders(a) - placeholders(b))
  }

  /** The endpoints of a path, whatever their methods. */
  find(segments: readonly string[]): readonly Match[] {
    const plain = unversioned(segments)
    const found = this.routes.flatMap((route) => {
      const path = matched(route.segments, plain)
      return path ? [{ endpoint: route.endpoint, path, placeholders: Object.keys(path).length }] : []
    })
    return found.filter(({ placeholders }) => placeholders === found[0]!.placeholders)
  }
}

const placeholders = (route: Route): number => route.segments.filter((segment) => segment.startsWith('{')).length

/** The second version of the search endpoints has the same handlers. */
function unversioned(segments: readonly string[]): readonly string[] {
  const versioned = segments[0] === 'search' && segments[1] === 'v2' && (segments[2] === 'jobs' || segments[2] === 'parser')
  return versioned ? ['search', ...segments.slice(2)] : segments
}

function matched(pattern: readonly string[], segments: readonly string[]): Readonly<Record<string, string>> | undefined {
  if (pattern.length !== segments.length) return undefined
  const path: Record<string, string> = {}
  for (const [i, part] of pattern.entries()) {
    const segment = segments[i]!
    if (part.startsWith('{')) path[part.slice(1, -1)] = segment
    else if (part !== segment) return undefined
  }
  return path
}
