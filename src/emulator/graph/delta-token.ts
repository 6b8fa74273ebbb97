import { badRequest, GraphError } from './graph-error.ts'
import type { GraphCall } from './route.ts'

const WEEK = 7 * 86_400_000

/** Where a client stands in what has changed. */
export interface DeltaToken {
  /** The last entry of the journal it knows of. */
  seq: number
  at: number
  /** Inside a round: where the next one begins. */
  next?: { seq: number; at: number }
  /** Inside a round: how many objects it has had. */
  skip?: number
  /** The whole first round, rather than what changed since. */
  first?: boolean
}

export function writeToken(token: DeltaToken): string {
  return Buffer.from(JSON.stringify(token)).toString('base64url')
}

/** The token a request carries, or the one it begins with; 410 for one that is too old. */
export function tokenOf(call: GraphCall): DeltaToken {
  const text = call.query.$deltatoken ?? call.query.$skiptoken
  const here = { seq: call.world.journal.entries.length, at: call.now }
  if (text === undefined) return { ...here, first: true, skip: 0 }
  if (text === 'latest') return here
  const token = read(text)
  if (call.now > token.at + call.world.options.delays * WEEK) {
    const location = `${call.base}${call.path}?${queryText({ ...call.query, $deltatoken: '' })}`
    const message = 'The delta token is too old; begin again without it.'
    throw new GraphError(410, 'SyncStateNotFound', message, { Location: location })
  }
  return token
}

function read(text: string): DeltaToken {
  try {
    const token = JSON.parse(Buffer.from(text, 'base64url').toString()) as DeltaToken
    if (Number.isFinite(token.seq) && Number.isFinite(token.at)) return token
  } catch {
    // Falls to the refusal below.
  }
  throw badRequest('The delta token is not valid.', 'Directory_ResyncRequired')
}

/** The link to go on with: what was asked for at first is part of it. */
export function deltaLink(call: GraphCall, kind: '$skiptoken' | '$deltatoken', token: DeltaToken): string {
  const { $skiptoken: _skip, $deltatoken: _delta, ...query } = call.query
  return `${call.base}${call.path}?${queryText({ ...query, [kind]: writeToken(token) })}`
}

function queryText(query: Record<string, string>): string {
  return Object.entries(query)
    .filter(([, value]) => value !== '')
    .map(([name, value]) => `${name}=${encodeURIComponent(value)}`)
    .join('&')
}
