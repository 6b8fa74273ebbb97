import type { Person } from '../people/person.ts'
import { cohortHash, memberOf } from './cohort-rows.ts'
import { finish, type WaveJob } from './job.ts'
import { findLeftovers } from './leftovers.ts'
import type { World } from './world.ts'

/** Fixes who is in a round of the catch-up: members of earlier waves move into it, newcomers become members by it. */
export async function freezeRound(world: World, job: WaveJob, signal: AbortSignal): Promise<void> {
  const found = await findLeftovers(world, job.rollout, { lane: 'scan', signal })
  const at = world.clock.now()
  const newcomers = found.late.map((id, index) =>
    memberOf(job, found.people.get(id) as Person, found.members.length + index),
  )
  const ids = [...found.members, ...found.late]
  const place = { rolloutId: job.rollout.id, waveId: job.wave.id, at }
  const cohort = cohortHash(ids)
  const event = { type: 'COHORT_FROZEN' as const, at, attempt: job.attempt, members: ids.length, cohort }
  await finish(world, job, event, async (writer) => {
    await writer.moveMembers(place, found.members)
    await writer.insertMembers(newcomers)
    await writer.setWave(job.wave.id, { frozen_at: at })
    const late = new Set(found.late)
    const outside = found.outside.filter(({ person_id: id }) => !late.has(id))
    await writer.replaceLeftOut(job.rollout.id, outside)
    const about = { ...place, actor: 'wavegate' }
    if (found.members.length > 0)
      await writer.append({ ...about, type: 'members.moved', data: { people: found.members } })
    const data = { members: ids.length, cohort, leftOut: outside.length, newcomers: newcomers.length }
    await writer.append({ ...about, type: 'cohort.frozen', data })
  })
}
