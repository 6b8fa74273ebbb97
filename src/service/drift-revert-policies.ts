import { isDisarmed, readPolicy } from '../engine/drift-findings.ts'
import { creationOf, patchesFor, type Request } from '../engine/put-policy-back.ts'
import { policyOf, WATCHED_POLICIES, type WatchedPolicy } from '../engine/watched-policy.ts'
import type { World } from '../engine/world.ts'
import type { Policy } from '../graph/directory/policies.ts'
import { isNarrowing } from '../methods/policy-drift.ts'
import { policyDifferences } from '../methods/policy-properties.ts'
import type { Drift } from '../store/drift.ts'
import type { StoredRollout } from '../store/rollouts.ts'
import type { Situation } from './act.ts'
import { graphFault } from './graph-fault.ts'

/** What a revert does to one policy. */
export interface PolicyRevert {
  object: WatchedPolicy
  recorded: Policy
  /** Properties to put back, by path. */
  paths: string[]
  isDeleted: boolean
  /** It puts people under MFA who are not now. */
  isForward: boolean
  requests: Request[]
}

/** A disarm has the last word about the state of the people's policy. */
export function isLeftOff(rollout: StoredRollout, object: WatchedPolicy): boolean {
  return object === 'policy' && isDisarmed(rollout)
}

export async function planPolicies(
  world: World,
  { rollout }: Situation,
  chosen: readonly Drift[],
  signal: AbortSignal,
): Promise<PolicyRevert[]> {
  const plans: PolicyRevert[] = []
  for (const object of WATCHED_POLICIES) {
    const findings = chosen.filter((one) => one.object === object)
    const recorded = (await world.store.read.recorded(rollout.id, object)) as Policy | undefined
    if (findings.length === 0 || !recorded) continue
    const { id } = policyOf(rollout, object)
    const now = await readPolicy(world, id ?? '', { lane: 'restore', signal }).catch((error) => {
      throw graphFault(error)
    })
    plans.push(planOne(rollout, object, { recorded, now, findings }))
  }
  return plans
}

interface Found {
  recorded: Policy
  now: Policy | undefined
  findings: readonly Drift[]
}

function planOne(rollout: StoredRollout, object: WatchedPolicy, found: Found): PolicyRevert {
  const { recorded, now, findings } = found
  const isDeleted = findings.some((one) => one.property === 'deleted') && now === undefined
  const all = isDeleted ? [] : pathsOf(found)
  const isOff = isLeftOff(rollout, object)
  const paths = all.filter((path) => !(path === 'state' && isOff))
  const common = { object, recorded, paths, isDeleted }
  // Report-only: it puts nobody under MFA, whatever it says.
  if (object === 'twin') {
    const requests = isDeleted ? [creationOf(recorded)] : now ? patchesFor(recorded, now, paths) : []
    return { ...common, isForward: false, requests }
  }
  const isForward =
    (isDeleted && !isOff) ||
    paths.includes('state') ||
    (now?.state === 'enabled' &&
      findings.some(({ property: path, before, after }) => !isNarrowing({ path, before, after })))
  const again = () => recreation(recorded, isOff)
  const requests = isDeleted ? again() : now ? patchesFor(recorded, now, paths) : []
  return { ...common, isForward, requests }
}

/** Made anew by a revert that did not come to its end: whatever of it is not as recorded yet. */
function pathsOf({ recorded, now, findings }: Found): string[] {
  const isMadeAnew = now !== undefined && findings.some((one) => one.property === 'deleted')
  if (isMadeAnew) return policyDifferences(recorded, now).map(({ path }) => path)
  return findings.map((one) => one.property).filter((one) => one !== 'deleted')
}

function recreation(recorded: Policy, isOff: boolean): Request[] {
  const enabling: Request = {
    method: 'PATCH',
    path: '/identity/conditionalAccess/policies/{the new id}',
    body: { state: recorded.state },
  }
  return isOff ? [creationOf(recorded)] : [creationOf(recorded), enabling]
}
