import { gatesStand } from '../../machines/gate-words.ts'
import type { GateResult } from '../gates/gate-result.ts'
import { readBudgets } from './budgets.ts'
import { isCrossing } from './crossing.ts'
import { gateWord, recordGates } from './gate-record.ts'
import { finish, type WaveJob } from './job.ts'
import { noteKeepers } from './keepers.ts'
import { countLate, outsidersAtEnd, recordAtEnd } from './late-newcomers.ts'
import { allMembers } from './many-members.ts'
import { readPresence, writePresence } from './presence.ts'
import { takeIn, watchedWaves } from './watch.ts'
import type { World } from './world.ts'

/** Taken back by name, or out by another hand and accepted so. */
const LEFT_LATER: readonly (string | null)[] = ['rolledBack', 'released', 'takenOut']

/** The end of a wave: the log is read anew first, so that a soak that ended unwatched is judged by what is true now. */
export async function judge(world: World, job: WaveJob, signal: AbortSignal): Promise<void> {
  await takeIn(world, await watchedWaves(world), signal)
  await leaveLeaversOut(world, job, signal)
  if (isCrossing(job.rollout))
    await noteKeepers(world, { rolloutId: job.rollout.id, waveId: job.wave.id }, signal)
  const results = await readBudgets(world, job, { freshSince: job.context.soakEndedAt ?? undefined })
  const leftovers = (await world.store.read.leftovers(job.rollout.id)).filter(
    // Whoever left an earlier wave meanwhile is left over too; that wave was counted before.
    ({ waveId, deferred }) => waveId === job.wave.id || LEFT_LATER.includes(deferred),
  )
  const outsiders = stands(job, results)
    ? await outsidersAtEnd(world, job, { lane: 'scan', signal })
    : undefined
  const at = world.clock.now()
  const event = {
    type: 'JUDGED' as const,
    at,
    attempt: job.attempt,
    gates: results.map(gateWord),
    leftovers: leftovers.length + countLate(outsiders ?? []),
  }
  await finish(world, job, event, async (writer) => {
    await recordGates(writer, job, at, results)
    await recordAtEnd(writer, job.rollout.id, outsiders)
  })
}

/** Whether the wave ends by this: only then is the directory read once more. */
function stands({ context }: WaveJob, results: readonly GateResult[]): boolean {
  return gatesStand(results.map(gateWord), context.overridden, context.accepted) === 'answered'
}

/** Who was deleted while the wave soaked is in no budget, neither above nor below the line. */
async function leaveLeaversOut(world: World, job: WaveJob, signal: AbortSignal): Promise<void> {
  const members = (await allMembers(world, job.wave.id)).filter(
    ({ outcome }) => outcome === 'done' || outcome === 'already',
  )
  const presence = await readPresence(world, members, { lane: 'scan', signal })
  // A disabled account is in place all the same; it counts.
  presence.disabled.clear()
  await world.store.tx((writer) => writePresence(writer, job, world.clock.now(), members, presence))
}
