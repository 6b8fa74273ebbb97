import type { WaveState } from '../../machines/language.ts'
import type { Ask } from '../graph/directory/ask.ts'
import { GROUP_MEMBERSHIP } from '../methods/group-membership.ts'
import type { Finding } from '../store/drift.ts'
import type { Member } from '../store/members.ts'
import type { StoredRollout } from '../store/rollouts.ts'
import { planOf, wavesOfAdministrators } from './job.ts'
import { everybodyIn } from './many-members.ts'
import { readPresence } from './presence.ts'
import { readProtection } from './protection.ts'
import type { World } from './world.ts'

/** While a wave is in one of these its own work takes in whoever waits in it. */
const AT_WORK: readonly WaveState[] = ['enforcing', 'soaking', 'judging']

/** The people of these are where we put them. */
const IN_PLACE: readonly WaveState[] = [...AT_WORK, 'completed']

/** Who is in the group by another hand, and who of ours was taken out by one. Leavers are neither. */
export async function memberFindings(
  world: World,
  rollout: StoredRollout,
  inGroup: readonly string[],
  ask: Ask,
): Promise<Finding[]> {
  const { read } = world.store
  const waves = await read.wavesOf(rollout.id)
  const states = new Map(waves.map((wave) => [wave.id, wave.state]))
  const theirOwn = wavesOfAdministrators(rollout, waves)
  const members = (await everybodyIn(world, rollout.id)).filter((one) => !theirOwn.has(one.waveId))
  const groupId = rollout.groupId as string
  const images = await read.openImages(GROUP_MEMBERSHIP.effect, groupId, inGroup)
  const adopted = await read.adopted(groupId)
  const byId = new Map(members.map((member) => [member.personId, member]))
  const stateOf = (member: Member) => states.get(member.waveId) ?? 'pending'
  const added = inGroup.filter((id) => {
    const member = byId.get(id)
    const image = images.get(id)?.image
    // In before us by the ledger, and nobody of this rollout: an adoption says so by name, or it was never said.
    const isKnown =
      adopted.has(id) || image?.member === false || (image !== undefined && member !== undefined)
    return !isKnown && !(member && isSettledHere(member, stateOf(member)))
  })
  const present = new Set(inGroup)
  const missing = members.filter(
    (member) => isOurs(member) && IN_PLACE.includes(stateOf(member)) && !present.has(member.personId),
  )
  return [...(await sayAdded(world, rollout, added, ask)), ...(await sayTakenOut(world, missing, ask))]
}

/** In the group with a reason: their wave's own work comes to them, or a rollback left them there and said so. */
function isSettledHere(member: Member, state: WaveState): boolean {
  if (member.restore !== null && member.restore !== 'restored' && member.restore !== 'gone') return true
  return (
    AT_WORK.includes(state) && member.deferred === null && ['pending', 'unknown'].includes(member.outcome)
  )
}

function isOurs({ outcome, restore, deferred, inPlaceAt }: Member): boolean {
  const isIn = outcome === 'done' || outcome === 'already'
  return isIn && restore === null && deferred === null && inPlaceAt !== null
}

async function sayAdded(
  world: World,
  rollout: StoredRollout,
  ids: readonly string[],
  ask: Ask,
): Promise<Finding[]> {
  if (ids.length === 0) return []
  const users = await world.directory.readUserStates(ids, ask)
  const names = new Map(users.map((user) => [user.id, user.userPrincipalName]))
  const protection = await readProtection(world, planOf(rollout), ask)
  // Groups and devices in the group are a finding of the group itself.
  return ids
    .filter((id) => names.has(id))
    .map((personId) => ({
      object: 'group',
      property: 'members.added',
      personId,
      before: { member: false },
      after: { member: true, upn: names.get(personId) },
      says: `${names.get(personId)} was added to the group by another hand`,
      barred: protection.people.has(personId) ? 'the account is under the protection of the plan' : null,
    }))
}

async function sayTakenOut(world: World, missing: readonly Member[], ask: Ask): Promise<Finding[]> {
  if (missing.length === 0) return []
  const { gone } = await readPresence(world, missing, ask)
  return missing
    .filter(({ personId }) => !gone.has(personId))
    .map(({ personId, upn }) => ({
      object: 'group',
      property: 'members.removed',
      personId,
      before: { member: true, upn },
      after: { member: false },
      says: `${upn} was taken out of the group by another hand`,
      barred: null,
    }))
}
