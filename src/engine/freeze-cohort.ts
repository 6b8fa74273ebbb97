import { finding } from '../methods/policy-switch.ts'
import { assignWaves } from '../people/cohort.ts'
import type { Person } from '../people/person.ts'
import { isRound } from '../plan/planned-wave.ts'
import type { Finding } from '../plan/problem.ts'
import { cohortHash, frozenCohorts, memberOf } from './cohort-rows.ts'
import { leaveDeferredOut } from './deferred.ts'
import { freezeRound } from './freeze-round.ts'
import { gather } from './gather.ts'
import { finish, refuse, type WaveJob } from './job.ts'
import { outsidersOf } from './left-out.ts'
import { readPopulation } from './population.ts'
import type { World } from './world.ts'

/** Fixes who is in the wave. Whoever arrives later than this goes with the last wave. */
export async function freezeCohort(world: World, job: WaveJob, signal: AbortSignal): Promise<void> {
  if (isRound(job.plan, job.wave.position)) return await freezeRound(world, job, signal)
  await gather(world, signal)
  const population = await readPopulation(world, job.plan, { lane: 'scan', signal })
  const { groups } = population
  const adopted = await world.store.read.adopted(job.rollout.groupId ?? '')
  const people = population.people.map((one) => (adopted.has(one.id) ? { ...one, adopted: true } : one))
  const assignment = assignWaves(
    job.plan,
    people,
    groups,
    await frozenCohorts(world.store.read, job.rollout.id),
  )
  refuse(
    assignment.findings
      .filter(
        (one) =>
          one.severity === 'error' &&
          one.code !== 'emptyWave' &&
          !isOfToday(one) &&
          concerns(one.path, job.wave.position),
      )
      .map((one) => finding('planNoLongerFits', one.message, one.hint)),
  )
  const byId = new Map(people.map((person) => [person.id, person]))
  const ids = assignment.waves[job.wave.position]?.members ?? []
  const members = ids.map((id, position) => memberOf(job, byId.get(id) as Person, position))
  const at = world.clock.now()
  const event = {
    type: 'COHORT_FROZEN' as const,
    at,
    attempt: job.attempt,
    members: members.length,
    cohort: cohortHash(ids),
  }
  await finish(world, job, event, async (writer) => {
    await writer.insertMembers(members)
    await leaveDeferredOut(writer, { at, rolloutId: job.rollout.id, waveId: job.wave.id }, ids)
    await writer.setWave(job.wave.id, { frozen_at: at })
    const outside = outsidersOf(job.plan, assignment, byId)
    await writer.replaceLeftOut(job.rollout.id, outside)
    const data = { members: members.length, cohort: event.cohort, leftOut: outside.length }
    await writer.append({
      at,
      rolloutId: job.rollout.id,
      waveId: job.wave.id,
      type: 'cohort.frozen',
      actor: 'wavegate',
      data,
    })
  })
}

/** The file of a wave was checked with the plan: whoever left or was given a role since is in the cohort no longer. */
function isOfToday({ path, code }: Finding): boolean {
  return path.endsWith('.members.csv') && code !== 'fileMissing'
}

/** What was found about a wave that stands is no reason to stop this one. */
function concerns(path: string, position: number): boolean {
  return !path.startsWith('waves[') || path.startsWith(`waves[${position}]`)
}
