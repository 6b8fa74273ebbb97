import { GraphFailure } from '../graph/errors.ts'
import type { Member } from '../store/members.ts'
import type { Writer } from '../store/store.ts'
import type { Task } from '../store/tasks.ts'
import { finish, type JobFailure, jobFailure, type WaveJob } from './job.ts'
import { allMembers, membersAmong } from './many-members.ts'
import { narrowPolicy } from './narrow.ts'
import { outOfPolicy } from './out-of-policy.ts'
import type { Restoring } from './settle-restored.ts'
import { takePeopleOut } from './take-people-out.ts'
import { tellWave } from './tell.ts'
import { undoOrder } from './undo-order.ts'
import { type StillPrepared, unprepare } from './unprepare.ts'
import type { World } from './world.ts'

/** Takes a whole wave back. Says how many are not yet as before; only none of them is a rollback that is done. */
export async function restoreWave(world: World, job: WaveJob, signal: AbortSignal): Promise<void> {
  await narrowPolicy(world, job.rollout, job.context.rollbackBy, signal)
  const restoring = await restoringOf(world, job.rollout.id, job.context.rollbackBy, signal)
  if (restoring) await takePeopleOut(restoring, await allMembers(world, job.wave.id))
  const prepared = job.context.withPreparation
    ? await unprepareAll(world, job.rollout.id, await allMembers(world, job.wave.id), {
        by: job.context.rollbackBy,
        signal,
      })
    : { failed: 0, unknown: [] }
  const after = await world.store.read.counts(job.wave.id)
  await finish(world, job, {
    type: 'RESTORED',
    at: world.clock.now(),
    attempt: job.attempt,
    failed: after.restoreFailed + prepared.failed,
    unknown: after.restoreUnknown + prepared.unknown.length,
    leftIn: after.leftIn,
  })
}

export interface RestoreOrder {
  rolloutId: string
  people: string[]
  by?: string
  /** What was done to them before the switch is taken back too. */
  withPreparation?: boolean
}

/** Some people of a rollout; the state of their waves stays as it is. Runs again until nobody of them is unknown. */
export async function restorePeople(world: World, task: Task, signal: AbortSignal): Promise<void> {
  const order = task.data as RestoreOrder
  const all = await restoringOf(world, order.rolloutId, order.by ?? '', signal)
  if (!all) return
  const isWantedElsewhere = () => world.store.read.isWaiting('unretire', task.lane, world.clock.now())
  const restoring: Restoring = {
    ...all,
    isWantedElsewhere,
    beforeLeaving: (some, notes) => outOfPolicy(all, some, notes),
  }
  const again = new Set<string>()
  const ordered = () => membersAmong(world, order.rolloutId, order.people)
  try {
    await takePeopleOut(restoring, await ordered())
    if (order.withPreparation) {
      const prepared = await unprepareAll(world, order.rolloutId, await ordered(), all)
      for (const id of prepared.unknown) again.add(id)
    }
  } catch (error) {
    if (!(error instanceof GraphFailure)) throw error
    const place = { rolloutId: order.rolloutId, at: world.clock.now() }
    const people = await ordered()
    await world.store.tx((writer) => noteFailure(writer, place, people, jobFailure(error)))
  }
  const unknown = (await ordered()).filter(
    (member) => member.restore === 'unknown' || again.has(member.personId),
  )
  if (unknown.length === 0) return await letWavesHear(world, await ordered())
  const data: RestoreOrder = { ...order, people: unknown.map((member) => member.personId) }
  const runAt = world.clock.now() + world.times.recheckMs
  await world.store.tx((writer) => writer.enqueue({ kind: task.kind, lane: task.lane, data, runAt }))
}

async function unprepareAll(
  world: World,
  rolloutId: string,
  people: readonly Member[],
  asked: Pick<Restoring, 'by' | 'signal'>,
): Promise<StillPrepared> {
  const rollout = await world.store.read.rollout(rolloutId)
  return rollout ? await unprepare(world, rollout, people, asked) : { failed: 0, unknown: [] }
}

/** A wave that is being taken back and waits for a second person looks again who is left in. */
async function letWavesHear(world: World, people: readonly Member[]): Promise<void> {
  await world.store.tx(async (writer) => {
    for (const waveId of new Set(people.map((member) => member.waveId))) {
      const wave = await writer.wave(waveId)
      if (wave?.state === 'rollingBack')
        await tellWave(writer, waveId, { type: 'CONFIRMED', at: world.clock.now() })
    }
  })
}

/** Told on each person: what passes by itself is tried again, anything else waits for another rollback of theirs. */
export async function noteFailure(
  writer: Writer,
  place: { rolloutId: string; at: number },
  people: readonly Member[],
  failure: JobFailure,
): Promise<void> {
  const restore = failure.passing ? 'unknown' : 'failed'
  const open = people.filter(
    (member) => member.restore === null || ['unknown', 'failed'].includes(member.restore),
  )
  const ids = open.map((member) => member.personId)
  if (ids.length === 0) return
  await writer.setMembers(place.rolloutId, ids, { restore, restore_reason: failure.message })
  const event = { ...place, actor: 'wavegate', reason: failure.message }
  await writer.append({ ...event, type: `members.${restore}`, data: { people: ids } })
}

/** undefined: nobody was ever changed, so there is nothing to take back. */
async function restoringOf(
  world: World,
  rolloutId: string,
  by: string,
  signal: AbortSignal,
): Promise<Restoring | undefined> {
  const rollout = await world.store.read.rollout(rolloutId)
  const changes = rollout ? undoOrder(world, rollout) : []
  return changes.length === 0 ? undefined : { world, rolloutId, changes, by, signal }
}
