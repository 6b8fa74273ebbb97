import { isDisarmed, readPolicy } from '../engine/drift-findings.ts'
import { findingName, upnOf } from '../engine/drift-words.ts'
import { creationOf, patchesFor, type Request } from '../engine/put-policy-back.ts'
import type { World } from '../engine/world.ts'
import { fault } from '../errors.ts'
import type { Policy } from '../graph/directory/policies.ts'
import { isNarrowing } from '../methods/policy-drift.ts'
import type { Drift } from '../store/drift.ts'
import type { Situation } from './act.ts'
import { namedFindings } from './drift-view.ts'
import { graphFault } from './graph-fault.ts'

/** What a revert does, of what was found. */
export interface RevertPlan {
  /** As we recorded the policy. */
  recorded: Policy
  /** Findings this revert settles once everything was read back. */
  settles: Drift[]
  /** Findings it leaves as they are. */
  leaves: Drift[]
  takeOut: Drift[]
  askAgain: Drift[]
  /** Properties of the policy to put back, by path. */
  paths: string[]
  isDeleted: boolean
  /** It puts people under MFA who are not now. */
  isForward: boolean
  requests: Request[]
}

/** @throws findingUnknown, notProtected, driftByHand */
export async function planRevert(
  world: World,
  situation: Situation,
  signal: AbortSignal,
): Promise<RevertPlan> {
  const { call, rollout } = situation
  const { read } = world.store
  const open = await read.openDrift(rollout.id)
  const chosen = call.findings?.length ? namedFindings(open, call.findings) : open
  const takeOut = foreignNamed(open, call.people ?? [])
  const isRunning = rollout.state === 'running'
  const askAgain = chosen.filter((one) => one.property === 'members.removed' && isRunning)
  const ofPolicy = chosen.filter((one) => one.object === 'policy')
  const recorded = (await read.recorded(rollout.id, 'policy')) as Policy | undefined
  if (!recorded) throw fault('internal', { id: rollout.id })
  const settles = [...ofPolicy, ...askAgain, ...takeOut]
  const leaves = open.filter((one) => !settles.includes(one))
  if (settles.length === 0) throw byHand(leaves)
  const now = await readPolicy(world, rollout.policyId ?? '', { lane: 'restore', signal }).catch((error) => {
    throw graphFault(error)
  })
  const isDeleted = ofPolicy.some((one) => one.property === 'deleted') && now === undefined
  const paths = isDeleted ? [] : ofPolicy.map((one) => one.property).filter((one) => one !== 'deleted')
  const asDrift = ofPolicy.map(({ property: path, before, after }) => ({ path, before, after }))
  const isOn = now?.state === 'enabled'
  const stays = paths.filter((path) => !(path === 'state' && isDisarmed(rollout)))
  const isForward =
    (isDeleted && !isDisarmed(rollout)) ||
    stays.includes('state') ||
    (isOn && asDrift.some((difference) => !isNarrowing(difference)))
  const requests = [
    ...takeOut.map((one) => removal(rollout.groupId ?? '', one)),
    ...(isDeleted
      ? [...recreation(recorded, isDisarmed(rollout))]
      : now
        ? patchesFor(recorded, now, stays)
        : []),
  ]
  return { recorded, settles, leaves, takeOut, askAgain, paths: stays, isDeleted, isForward, requests }
}

function recreation(recorded: Policy, isOff: boolean): Request[] {
  const enabling: Request = {
    method: 'PATCH',
    path: '/identity/conditionalAccess/policies/{the new id}',
    body: { state: recorded.state },
  }
  return isOff ? [creationOf(recorded)] : [creationOf(recorded), enabling]
}

function removal(groupId: string, one: Drift): Request {
  return { method: 'DELETE', path: `/groups/${groupId}/members/${one.personId}/$ref` }
}

/** Whom another hand put in, of those the call names; nobody else leaves by this. */
function foreignNamed(open: readonly Drift[], people: readonly string[]): Drift[] {
  const added = open.filter((one) => one.property === 'members.added')
  const named = people.map((person) => {
    const found = added.find(
      (one) => one.personId === person || upnOf(one).toLowerCase() === person.toLowerCase(),
    )
    if (!found) {
      const detail = `people names ${person}, whom no finding says to have been added by another hand`
      throw fault('requestInvalid', { detail })
    }
    if (found.barred !== null) throw fault('notProtected', { person: upnOf(found) })
    return found
  })
  return [...new Set(named)]
}

function byHand(leaves: readonly Drift[]): Error {
  const says = leaves.map((one) => `${findingName(one)} (${one.says})`).join('; ')
  const instead = [...new Set(leaves.map(remedy))].join(' ')
  return fault('driftByHand', { says, instead })
}

/** What a person does about what a revert leaves. */
export function remedy(one: Drift): string {
  if (one.property === 'members.added')
    return 'Name in people whom to take out, or have an approver accept them by name.'
  if (one.property === 'members.removed')
    return 'The rollout has ended: have an approver accept it, and `restart` takes them in again.'
  if (one.property === 'deleted')
    return 'Bring the group back from the deleted groups in Entra, or roll back.'
  return one.barred ?? 'Put it right by hand.'
}
