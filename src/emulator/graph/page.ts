import { badRequest } from './graph-error.ts'
import type { Answer, GraphCall } from './route.ts'

export interface PageOptions {
  /** What the collection is called in `@odata.context`. */
  context: string
  standard: number
  largest: number
  /** A page is never longer, whatever is asked for. */
  most?: number
}

/** The page that was asked for, of a list that holds still; `$count` where it was wanted. */
export function page<T>(
  call: GraphCall,
  all: readonly T[],
  options: PageOptions,
  show: (item: T) => unknown,
): Answer {
  const size = pageSize(call, options)
  const start = call.query.$skiptoken ? Number(readSkipToken(call.query.$skiptoken)) : 0
  if (!Number.isInteger(start) || start < 0) throw invalidToken()
  const body: Record<string, unknown> = { '@odata.context': `${call.base}/$metadata#${options.context}` }
  if (call.query.$count === 'true' && call.eventual && start === 0) body['@odata.count'] = all.length
  if (start + size < all.length) body['@odata.nextLink'] = nextLink(call, String(start + size))
  body.value = all.slice(start, start + size).map(show)
  return { status: 200, body }
}

export function pageSize(call: GraphCall, options: PageOptions): number {
  const { $top } = call.query
  if ($top === undefined) return options.standard
  const size = Number($top)
  if (!Number.isInteger(size) || size < 1 || size > options.largest) {
    throw badRequest(
      `Invalid page size specified: '${$top}'. Must be between 1 and ${options.largest} inclusive.`,
    )
  }
  return Math.min(size, options.most ?? size)
}

/** The same request, going on behind a place. */
export function nextLink(call: GraphCall, place: string): string {
  const query = new URLSearchParams(call.query)
  query.set('$skiptoken', Buffer.from(place).toString('base64url'))
  const text = [...query].map(([name, value]) => `${name}=${encodeURIComponent(value)}`).join('&')
  return `${call.base}${call.path}?${text}`
}

export function readSkipToken(token: string): string {
  return Buffer.from(token, 'base64url').toString()
}

export function invalidToken(): Error {
  return badRequest('Skiptoken is not valid.', 'Directory_ExpiredPageToken')
}

/** Only what `$select` names; the id of an object always comes. */
export function selected(body: object, select: string | undefined, standard?: readonly string[]): object {
  const names = select ? select.split(',').map((name) => name.trim()) : standard
  if (!names || names.includes('*')) return body
  return Object.fromEntries(
    Object.entries(body).filter(([name]) => names.includes(name) || name.startsWith('@') || name === 'id'),
  )
}
