import { bareUnderPolicyOf } from '../engine/unretire.ts'
import type { World } from '../engine/world.ts'
import type { Ask } from '../graph/directory/ask.ts'
import { GraphFailure } from '../graph/errors.ts'
import type { StoredRollout } from '../store/rollouts.ts'
import type { Reader } from '../store/store.ts'

export interface InGroup {
  personId: string
  upn: string
  /** Said of this person alone. */
  why?: string
}

/** Strangers beyond these are named by their object id: each fifteen of them cost a call. */
const NAMES_ASKED_FOR = 150

/** Whom the ledger says the policy covers. */
export async function covered(world: World, rolloutId: string): Promise<InGroup[]> {
  const members = await world.store.read.membersOfRollout(rolloutId)
  return members.filter(
    ({ outcome, restore }) => ['done', 'unknown', 'already'].includes(outcome) && restore !== 'restored',
  )
}

/** Whom the policy covers, whoever put them there; what the ledger knows while the directory does not answer. */
export async function inGroup(world: World, rollout: StoredRollout, signal: AbortSignal): Promise<InGroup[]> {
  if (rollout.groupId === null) return await covered(world, rollout.id)
  const ask: Ask = { lane: 'disarm', signal }
  try {
    const members = await world.directory.listMembers(rollout.groupId, ask)
    const ids = members.filter((member) => member.type === 'user').map((member) => member.id)
    const names = await namesOf(world, rollout.id, ids, ask)
    const here = ids.map((personId) => ({ personId, upn: names.get(personId) ?? personId }))
    const graduation = await world.store.read.graduation(rollout.id)
    if (graduation?.wideAt == null) return here
    // Once the policy covers all users: those too whom it caught without the group.
    return [...here, ...(await covered(world, rollout.id)).filter(({ personId }) => !ids.includes(personId))]
  } catch (error) {
    if (!(error instanceof GraphFailure)) throw error
    return await covered(world, rollout.id)
  }
}

const BARE = 'without MFA until their per-user MFA is back'
const KEPT = 'under per-user MFA still'

/** First whoever has neither: their per-user MFA was ended, and is only being put back. */
export async function bareFirst(
  world: World,
  rolloutId: string,
  bare: readonly InGroup[],
  people: readonly InGroup[],
): Promise<InGroup[]> {
  const members = await world.store.read.membersOfRollout(rolloutId)
  const keepers = new Set(members.filter((one) => one.perUserMfa === 'keeps').map((one) => one.personId))
  const ids = new Set(bare.map((one) => one.personId))
  const others = people.filter((one) => !ids.has(one.personId))
  return [
    ...bare.map((one) => ({ ...one, why: BARE })),
    ...others.map((one) => (keepers.has(one.personId) ? { ...one, why: KEPT } : one)),
  ]
}

/** Whose per-user MFA was ended and would have to come back first. */
export async function wouldBeBare(read: Reader, rolloutId: string): Promise<InGroup[]> {
  const found = await bareUnderPolicyOf(read, rolloutId)
  return found.flatMap(({ members }) => members).map(({ personId, upn }) => ({ personId, upn }))
}

async function namesOf(
  world: World,
  rolloutId: string,
  ids: readonly string[],
  ask: Ask,
): Promise<Map<string, string>> {
  const rows = await world.store.read.membersOfRollout(rolloutId)
  const names = new Map(rows.map(({ personId, upn }) => [personId, upn]))
  const strangers = ids.filter((id) => !names.has(id)).slice(0, NAMES_ASKED_FOR)
  try {
    for (const user of await world.directory.readUserStates(strangers, ask))
      names.set(user.id, user.userPrincipalName)
  } catch (error) {
    if (!(error instanceof GraphFailure)) throw error
  }
  return names
}
