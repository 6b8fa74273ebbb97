import { GRAPH_ROUTES } from '../graph/all-routes.ts'
import type { GraphRoute } from '../graph/route.ts'

export interface FoundRoute {
  route: GraphRoute
  params: Record<string, string>
}

interface Pattern {
  route: GraphRoute
  parts: string[]
  variables: number
}

const patterns: Pattern[] = GRAPH_ROUTES.map((route) => {
  const parts = route.path.slice(1).split('/')
  return { route, parts, variables: parts.filter((part) => part.startsWith(':')).length }
})
// What is written out goes before what a variable takes.
patterns.sort((a, b) => a.variables - b.variables)

/** The route of a request inside a batch; undefined: there is none. */
export function findRoute(method: string, version: string, path: string): FoundRoute | undefined {
  const given = path.replace(/^\/|\/$/g, '').split('/')
  for (const { route, parts } of patterns) {
    if (route.method !== method || (route.betaOnly && version !== 'beta')) continue
    if (parts.length !== given.length) continue
    const params: Record<string, string> = {}
    const fits = parts.every((part, place) => {
      const found = given[place] as string
      if (!part.startsWith(':')) return part === found
      params[part.slice(1)] = decodeURIComponent(found)
      return found !== ''
    })
    if (fits) return { route, params }
  }
  return undefined
}
