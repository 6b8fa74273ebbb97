import type { Ask } from '../graph/directory/ask.ts'
import type { Policy, PolicyBody } from '../graph/directory/policies.ts'
import { isFailure } from '../graph/errors.ts'
import { leafAt, policyDifferences, putBack, saySame, sendable } from '../methods/policy-properties.ts'
import { markIn } from '../methods/policy-template.ts'
import { readPolicy } from './drift-findings.ts'
import { pollUntil } from './poll.ts'
import type { World } from './world.ts'

export interface Request {
  method: 'PATCH' | 'POST' | 'DELETE'
  path: string
  body?: Record<string, unknown>
}

const POLICIES = '/identity/conditionalAccess/policies'

/** What is sent to put these properties back: the body first, and the state, which makes it bite, last. */
export function patchesFor(recorded: Policy, now: Policy, paths: readonly string[]): Request[] {
  const path = `${POLICIES}/${now.id}`
  const inBody = paths.filter((one) => one !== 'state')
  const back = sendable(inBody.reduce((body, one) => putBack(body, recorded, one), now))
  const names = [...new Set(inBody.map((one) => one.split('.')[0] as string))]
  const body = Object.fromEntries(names.map((name) => [name, back[name] ?? null]))
  const requests: Request[] = names.length > 0 ? [{ method: 'PATCH', path, body }] : []
  if (!paths.includes('state')) return requests
  const state: Request = { method: 'PATCH', path, body: { state: recorded.state } }
  // What is not to be on goes off before anything else of it changes.
  return recorded.state === 'enabled' ? [...requests, state] : [state, ...requests]
}

/** Made anew, in report-only; the state comes after it was read back. */
export function creationOf(recorded: Policy): Request {
  return {
    method: 'POST',
    path: POLICIES,
    body: { ...sendable(recorded), state: 'enabledForReportingButNotEnforced' },
  }
}

/** Sends the patches and reads back. False: sent, and not seen in time. */
export async function patchBack(
  world: World,
  recorded: Policy,
  id: string,
  paths: readonly string[],
  requests: readonly Request[],
  ask: Ask & { signal: AbortSignal },
): Promise<boolean> {
  for (const { body = {} } of requests) {
    await sent(() => world.directory.patchPolicy(id, body, ask))
    const done = paths.filter((path) => (path === 'state' ? 'state' in body : !('state' in body)))
    const isBack = await pollUntil(world, ask.signal, async () => {
      const now = await readPolicy(world, id, ask)
      return now && done.every((path) => saySame(leafAt(now, path), leafAt(recorded, path)))
        ? true
        : undefined
    })
    if (!isBack) return false
  }
  return true
}

/** The deleted policy made anew, once: one that a lost answer or an ended process left is taken up. */
export async function createAgain(
  world: World,
  recorded: Policy,
  ask: Ask & { signal: AbortSignal },
): Promise<Policy | undefined> {
  const made = () => findMade(world, recorded, ask)
  const there = await made()
  if (there) return there
  await sent(() => world.directory.createPolicy(creationOf(recorded).body as PolicyBody, ask))
  return await pollUntil(world, ask.signal, made)
}

async function findMade(world: World, recorded: Policy, ask: Ask): Promise<Policy | undefined> {
  const all = await world.directory.listPolicies(ask)
  return all.find(
    (one) =>
      markIn(one.description) === world.installation &&
      policyDifferences(recorded, one).every(({ path }) => path === 'state'),
  )
}

/** The read-back decides what a lost answer did. */
async function sent(call: () => Promise<unknown>): Promise<void> {
  try {
    await call()
  } catch (error) {
    if (!isFailure(error, 'unknownEffect')) throw error
  }
}
