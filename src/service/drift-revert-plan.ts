import { isOf } from '../engine/drift-names.ts'
import { findingName, upnOf } from '../engine/drift-words.ts'
import type { Request } from '../engine/put-policy-back.ts'
import type { World } from '../engine/world.ts'
import { fault } from '../errors.ts'
import type { Drift } from '../store/drift.ts'
import type { Situation } from './act.ts'
import { everyone, type PeopleRevert, planPeople, requestsOf } from './drift-revert-people.ts'
import { type PolicyRevert, planPolicies } from './drift-revert-policies.ts'
import { namedFindings } from './drift-view.ts'

/** What a revert does, of what was found. */
export interface RevertPlan {
  /** Findings this revert settles once everything was read back. */
  settles: Drift[]
  /** Findings it leaves as they are. */
  leaves: Drift[]
  takeOut: Drift[]
  people: PeopleRevert
  policies: PolicyRevert[]
  requests: Request[]
}

/** @throws findingUnknown, notProtected, driftByHand */
export async function planRevert(
  world: World,
  situation: Situation,
  signal: AbortSignal,
): Promise<RevertPlan> {
  const { call, rollout } = situation
  const open = await world.store.read.openDrift(rollout.id)
  const chosen = call.findings?.length ? namedFindings(open, call.findings) : open
  const takeOut = foreignNamed(open, call.people ?? [])
  const people = await planPeople(world, situation, chosen)
  const policies = await planPolicies(world, situation, chosen, signal)
  const objects = policies.map((one) => one.object as string)
  const settles = [...chosen.filter((one) => objects.includes(one.object)), ...everyone(people), ...takeOut]
  const leaves = open.filter((one) => !settles.includes(one))
  if (settles.length === 0) throw byHand(leaves)
  const requests = [
    ...takeOut.map((one) => removal(rollout.groupId ?? '', one)),
    ...requestsOf(people),
    ...policies.flatMap((one) => one.requests),
  ]
  return { settles, leaves, takeOut, people, policies, requests }
}

function removal(groupId: string, one: Drift): Request {
  return { method: 'DELETE', path: `/groups/${groupId}/members/${one.personId}/$ref` }
}

/** Whom another hand put in, of those the call names; nobody else leaves by this. */
function foreignNamed(open: readonly Drift[], people: readonly string[]): Drift[] {
  const added = open.filter(isOf('added'))
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
  if (isOf('added')(one)) return 'Name in people whom to take out, or have an approver accept them by name.'
  if (isOf('removed')(one) || isOf('lowered')(one))
    return 'The rollout has ended: have an approver accept it, and `restart` takes them in again.'
  if (isOf('raised')(one))
    return 'The crossing of their wave is over: have an approver accept it, or switch it off by hand.'
  if (isOf('excepted')(one))
    return 'They were not under the policy by this rollout: have an approver accept it, or take them out by hand.'
  if (one.property === 'deleted')
    return 'Bring the group back from the deleted groups in Entra, or roll back.'
  return one.barred ?? 'Put it right by hand.'
}
