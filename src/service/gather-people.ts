import { askToGather } from '../engine/gather-task.ts'
import { callsFor, msACall } from '../engine/gathering-estimate.ts'
import type { World } from '../engine/world.ts'
import type { Caller } from './contract.ts'
import { type Keep, keepIn } from './keep.ts'
import { needRollout, needWave } from './look.ts'
import { requireRole } from './permit.ts'

export interface GatherCall {
  reason: string
  dryRun: boolean
  /** Everything again, however new it is. */
  again: boolean
  /** Rollout and wave whose people are asked for one by one besides. */
  rollout?: string | undefined
  wave?: string | undefined
}

export interface GatherAnswer {
  changed: boolean
  dryRun: boolean
  says: string
}

/** Brings what is known of people up to date, in the background. */
export async function gatherPeople(
  world: World,
  caller: Caller,
  { reason, dryRun, again, rollout, wave }: GatherCall,
  keep?: Keep,
): Promise<GatherAnswer> {
  requireRole(caller, ['changeManager', 'onCall'], 'gather')
  const { read } = world.store
  const found = rollout === undefined || wave === undefined ? undefined : await waveOf(world, rollout, wave)
  const members = found ? (await read.counts(found.id)).members : 0
  const calls = found ? callsFor('perUserMfa', members) : 0
  const hours = (calls * msACall('perUserMfa')) / 3_600_000
  const each = found
    ? `, and the ${members} people of ${found.name} one by one: ${calls} calls, about ${hours.toFixed(1)} hours`
    : ''
  const says = `${dryRun ? 'Would: reads' : 'Reads'} what is known of people ${again ? 'anew' : 'as far as it is old'}${each}.`
  const answer = { changed: !dryRun, dryRun, says }
  if (dryRun) return answer
  const at = world.clock.now()
  await world.store.tx(async (writer) => {
    await askToGather(writer, at, { ...(again && { fromAnew: true }), ...(found && { waveId: found.id }) })
    const event = { at, rolloutId: found?.rolloutId ?? null, waveId: found?.id ?? null, type: 'verb.gather' }
    await writer.append({ ...event, actor: caller.person, reason, data: { again } })
    await keepIn(writer, world, caller, keep, { status: 200, body: answer })
  })
  return answer
}

async function waveOf(world: World, rollout: string, wave: string) {
  await needRollout(world.store.read, rollout)
  return await needWave(world.store.read, rollout, wave)
}
