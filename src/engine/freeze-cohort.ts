import { createHash } from 'node:crypto'
import { assignWaves, type WaveAssignment } from '../people/cohort.ts'
import type { Person } from '../people/person.ts'
import { finding } from '../methods/policy-switch.ts'
import { finish, refuse, type WaveJob } from './job.ts'
import { readPopulation } from './population.ts'
import type { World } from './world.ts'

/** Fixes who is in the wave. Whoever arrives later than this goes with the last wave. */
export async function freezeCohort(world: World, job: WaveJob, signal: AbortSignal): Promise<void> {
  const { people, groups } = await readPopulation(world, job.plan, { lane: 'scan', signal })
  const assignment = assignWaves(job.plan, people, groups)
  refuse(
    assignment.findings
      .filter((one) => one.severity === 'error' && one.code !== 'emptyWave')
      .map((one) => finding('planNoLongerFits', one.message, one.hint)),
  )
  const frozen = await world.store.read.membersOfRollout(job.rollout.id)
  const byId = new Map(people.map((person) => [person.id, person]))
  const taken = new Set(frozen.map((member) => member.personId))
  const ids = cohortOf(assignment, job).filter((id) => !taken.has(id))
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
    await writer.setWave(job.wave.id, { frozen_at: at })
    const outside = assignment.outside
      .filter((one) => one.reason !== 'notSelected')
      .map((one) => ({ ...nameOf(byId.get(one.id) as Person), reason: one.reason }))
    await writer.replaceLeftOut(job.rollout.id, outside)
    const data = { members: members.length, cohort: event.cohort, leftOut: outside.length }
    await writer.append({ at, rolloutId: job.rollout.id, waveId: job.wave.id, type: 'cohort.frozen', actor: 'wavegate', data })
  })
}

/** The wave's own people; with the last wave also those whose wave was frozen before they came. */
function cohortOf(assignment: WaveAssignment, job: WaveJob): string[] {
  const isLast = job.wave.position === job.plan.waves.length - 1
  const waves = isLast ? assignment.waves : [assignment.waves[job.wave.position]]
  return waves.flatMap((wave) => wave?.members ?? []).sort()
}

export function cohortHash(ids: readonly string[]): string {
  return createHash('sha256').update(ids.join('\n')).digest('hex')
}

function memberOf(job: WaveJob, person: Person, position: number) {
  const { person_id: personId, upn, display_name: displayName } = nameOf(person)
  return { rolloutId: job.rollout.id, waveId: job.wave.id, personId, upn, displayName, position }
}

function nameOf(person: Person) {
  return { person_id: person.id, upn: person.upn, display_name: person.displayName }
}
