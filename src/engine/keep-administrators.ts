import type { Ask } from '../graph/directory/ask.ts'
import { GraphFailure } from '../graph/errors.ts'
import { groupMembership } from '../methods/group-membership.ts'
import type { Member } from '../store/members.ts'
import type { StoredRollout } from '../store/rollouts.ts'
import { isImage } from './chunk.ts'
import { readPolicy } from './drift-findings.ts'
import { LEFT_IN_REASON, waitingForSecondPerson } from './left-in.ts'
import { nextNumber } from './ownership.ts'
import { pollUntil } from './poll.ts'
import { readHolders } from './role-holders.ts'
import type { World } from './world.ts'

type RestoreAsk = Ask & { signal: AbortSignal }

/**
 * Before the policy is about its group again: whoever it caught as one of all users and holds a directory role joins that
 * group, so that they stay under it until a second person confirms. Whoever is not seen there by the deadline is named;
 * nobody else waits for that.
 */
export async function keepAdministrators(
  world: World,
  rollout: StoredRollout,
  by: string,
  ask: RestoreAsk,
): Promise<void> {
  if (rollout.groupId === null || rollout.policyId === null) return
  // While it is off nobody is under MFA by it, and nobody is put under it.
  if ((await readPolicy(world, rollout.policyId, ask))?.state !== 'enabled') return
  const members = await world.store.read.membersOfRollout(rollout.id)
  const isIn = (restore: string | null) => restore === null || restore === 'leftIn'
  const caught = members.filter(
    ({ waveId, outcome, restore }) => waveId === '' && outcome === 'done' && isIn(restore),
  )
  const ids = await holdersAmong(world, caught, ask)
  if (ids.length === 0) return
  const kept = await join(world, { rolloutId: rollout.id, groupId: rollout.groupId }, ids, ask)
  const place = { at: world.clock.now(), rolloutId: rollout.id, actor: 'wavegate' }
  const lost = ids.filter((id) => !kept.includes(id))
  await world.store.tx(async (writer) => {
    // Who was left in by an earlier rollback waits for a second person of that one.
    const newly = caught.filter((one) => one.restore === null && kept.includes(one.personId))
    const values = { restore: 'leftIn', restore_reason: LEFT_IN_REASON, left_in_by: by, deferred: null }
    await writer.setMembers(
      rollout.id,
      newly.map((one) => one.personId),
      values,
    )
    const event = { ...place, type: 'members.leftIn', reason: LEFT_IN_REASON }
    if (kept.length > 0) await writer.append({ ...event, data: { people: kept } })
    const reason = 'hold a directory role, and were not read back in the group of the policy in time'
    await writer.setMembers(rollout.id, lost, { restore: null, restore_reason: null })
    if (lost.length > 0)
      await writer.append({ ...place, type: 'members.notLeftIn', reason, data: { people: lost } })
  })
}

/** By the roles themselves where the report cannot be read. */
async function holdersAmong(world: World, caught: readonly Member[], ask: RestoreAsk): Promise<string[]> {
  const { ids, isKnown } = await waitingForSecondPerson(world, caught, ask)
  if (isKnown) return [...ids]
  try {
    const holders = await readHolders(world, ask)
    const open = caught.filter(({ confirmedBy, personId }) => confirmedBy === null && holders.has(personId))
    return open.map((member) => member.personId)
  } catch (error) {
    if (!(error instanceof GraphFailure)) throw error
    world.log.warn({ err: error }, 'who holds a directory role could not be read; the policy is narrowed')
    return []
  }
}

/** Before-image and intent first. Answers with those who are in the group. */
async function join(
  world: World,
  { rolloutId, groupId }: { rolloutId: string; groupId: string },
  ids: readonly string[],
  ask: RestoreAsk,
): Promise<string[]> {
  const change = groupMembership(world.directory, groupId)
  const inGroup = async () => {
    const now = await change.read(ids, ask)
    return ids.filter((id) => {
      const image = now.get(id)
      return isImage(image) && change.reached(image, 'member')
    })
  }
  let there = await inGroup()
  for (const id of ids.filter((one) => !there.includes(one))) {
    const attempts = await world.store.read.attempts(change.effect, groupId, [id])
    const place = {
      effect: change.effect,
      target: groupId,
      rolloutId,
      waveId: '',
      at: world.clock.now(),
    }
    const [attempt] = await world.store.tx(async (writer) => {
      await writer.recordImages(place, [{ personId: id, image: { member: false } }])
      return await writer.intend(place, 'apply', [{ personId: id, number: nextNumber(attempts.get(id)) }])
    })
    const answer = await sent(() => change.apply([id], 'member', ask))
    const word = answer instanceof GraphFailure ? wordOf(answer) : 'accepted'
    const said = answer instanceof GraphFailure ? answer : {}
    await world.store.tx((writer) => writer.answer([attempt as number], world.clock.now(), word, said))
  }
  await pollUntil(world, ask.signal, async () => {
    there = await inGroup()
    return there.length === ids.length ? true : undefined
  })
  return there
}

async function sent(call: () => Promise<unknown>): Promise<GraphFailure | undefined> {
  try {
    await call()
    return undefined
  } catch (error) {
    if (error instanceof GraphFailure) return error
    throw error
  }
}

function wordOf({ kind }: GraphFailure): 'unknown' | 'alreadySo' | 'refused' {
  if (kind === 'unknownEffect') return 'unknown'
  return kind === 'alreadyExists' ? 'alreadySo' : 'refused'
}
