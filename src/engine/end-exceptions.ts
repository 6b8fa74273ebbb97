import type { Policy } from '../graph/directory/policies.ts'
import { GraphFailure, isFailure } from '../graph/errors.ts'
import { narrowConditions } from '../methods/policy-reach.ts'
import type { StoredRollout } from '../store/rollouts.ts'
import { takeFromExceptions } from './except-people.ts'
import { putConditions } from './narrow.ts'
import { pollUntil } from './poll.ts'
import type { World } from './world.ts'

/** After everything was taken back: the policy names the exceptions no more, the group is emptied, and ours is deleted. */
export async function endExceptions(
  world: World,
  rollout: StoredRollout,
  signal: AbortSignal,
): Promise<void> {
  const graduation = await world.store.read.graduation(rollout.id)
  if (!graduation?.groupId) return
  const ask = { lane: 'restore' as const, signal }
  const { groupId, narrow, isOurs } = graduation
  if (narrow && rollout.policyId)
    await putConditions(world, rollout.policyId, narrowConditions(narrow as Policy['conditions'], null), ask)
  if (!(await isThere(world, groupId, ask)))
    return await forget(world, rollout, 'was deleted by another hand')
  const left = await takeFromExceptions({ world, rolloutId: rollout.id, groupId, ask }, [])
  if (left.size > 0) throw new Error('people are still to be seen among the exceptions')
  const others = (await world.directory.listMembers(groupId, ask)).length
  if (!isOurs) return await forget(world, rollout, 'was emptied of those we had put in')
  if (others > 0) return await forget(world, rollout, `holds ${others} people of another hand, and stays`)
  await forget(world, rollout, await deleted(world, groupId, ask))
}

type RestoreAsk = { lane: 'restore'; signal: AbortSignal }

async function isThere(world: World, groupId: string, ask: RestoreAsk): Promise<boolean> {
  try {
    await world.directory.readGroup(groupId, ask)
    return true
  } catch (error) {
    if (isFailure(error, 'notFound')) return false
    throw error
  }
}

/** Without the right to delete groups it stays, empty: nobody is anything by it. */
async function deleted(world: World, groupId: string, ask: RestoreAsk): Promise<string> {
  try {
    await world.directory.deleteGroup(groupId, ask)
  } catch (error) {
    if (!(error instanceof GraphFailure)) throw error
    if (error.kind === 'forbidden') return `stays, empty: deleting it needs ${error.permission}`
    if (error.kind !== 'unknownEffect' && error.kind !== 'notFound') throw error
  }
  const gone = await pollUntil(world, ask.signal, async () =>
    (await isThere(world, groupId, ask)) ? undefined : true,
  )
  if (!gone) throw new Error(`the group ${groupId} was not read back as deleted in time`)
  return 'was deleted'
}

async function forget(world: World, rollout: StoredRollout, says: string): Promise<void> {
  const at = world.clock.now()
  await world.store.tx(async (writer) => {
    const before = await writer.graduation(rollout.id)
    await writer.setGraduation(rollout.id, { groupId: null, isOurs: false, narrow: null })
    const data = { groupId: before?.groupId ?? null }
    const reason = `the exceptions group ${says}`
    await writer.append({
      at,
      rolloutId: rollout.id,
      type: 'exceptions.ended',
      actor: 'wavegate',
      reason,
      data,
    })
  })
}
