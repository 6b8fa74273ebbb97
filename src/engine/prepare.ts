import type { WaveEvent } from '../../machines/language.ts'
import { finding } from '../methods/policy-switch.ts'
import type { Reader } from '../store/store.ts'
import { readBeforeWave } from './before-wave.ts'
import { sayOnce } from './crossing.ts'
import { ChunkCut, refuseWhenHeld } from './held.ts'
import { finish, refuse, type WaveJob } from './job.ts'
import { setNotBefore } from './not-before.ts'
import { isOverBudget } from './over-budget.ts'
import { isPlanApproved } from './plan-approval.ts'
import { preparationsOf } from './preparations.ts'
import { type Preparing, preparePeople } from './prepare-people.ts'
import { readProtection } from './protection.ts'
import { READING_GOOD_FOR } from './switch-on.ts'
import type { World } from './world.ts'

/** People of one step in one job. */
const CHUNK = 200

/**
 * One chunk of every step, in order: who is protected is read, before-images and intents are committed, and nobody
 * counts as prepared before the tenant shows it. At the end, what goes before the wave says when it may begin.
 */
export async function prepare(world: World, job: WaveJob, signal: AbortSignal): Promise<void> {
  await refuseUnapproved(world, job)
  if (await isOverBudget(world, job)) return await waitForBudget(world, job)
  const steps = preparationsOf(world, job.rollout, job.plan)
  try {
    if (steps.length > 0) {
      const { people: protectedPeople, refuseStale } = await readWhoIsBarred(world, job, signal)
      for (const preparation of steps) {
        await refuseWhenHeld(world, job, signal)
        const preparing: Preparing = { world, job, preparation, protectedPeople, refuseStale, signal }
        await preparePeople(preparing, CHUNK)
      }
    }
  } catch (error) {
    if (!(error instanceof ChunkCut)) throw error
  }
  const event = await preparedEvent(world, job, world.store.read)
  const before = event.left + event.unknown > 0 ? undefined : await beforeWaveUnlessHeld(world, job, signal)
  const { left = 0, nextAt, notBefore, people = new Map() } = before ?? {}
  const told = {
    ...event,
    at: world.clock.now(),
    left: event.left + left,
    ...(nextAt === undefined ? {} : { nextAt }),
    ...(notBefore === undefined ? {} : { notBefore }),
  }
  await finish(world, job, told, async (writer) => {
    await setNotBefore(writer, job.rollout.id, people)
    // A retry since may have opened what had failed.
    told.left = left + (await preparedEvent(world, job, writer)).left
  })
}

/** Asked again until somebody has accepted what was spent, or the wave under way is taken back. */
async function waitForBudget(world: World, job: WaveJob): Promise<void> {
  const order = { rolloutId: job.rollout.id, waveId: job.wave.id }
  await sayOnce(world, order, 'prepare.waits', 'the wave under way is over its budget')
  const { attempt } = job
  const at = world.clock.now()
  const nextAt = at + world.times.recheckMs
  await finish(world, job, { type: 'PREPARED', at, attempt, left: 1, unknown: 0, nextAt })
}

/** A revision may have put another text in force since the start: nobody is prepared by what nobody approved. */
async function refuseUnapproved(world: World, { rollout }: WaveJob): Promise<void> {
  if (await isPlanApproved(world.store.read, rollout, rollout.startedBy)) return
  const message = `Plan ${rollout.planHash} prepares people, and nobody has approved it as it is.`
  const hint = 'An approver approves the rollout; then resume the wave.'
  refuse([finding('approvalMissing', message, hint)])
}

/** Nobody of these is prepared, by a reading that is good for a while. @throws Refused */
async function readWhoIsBarred(world: World, job: WaveJob, signal: AbortSignal) {
  const readAt = world.clock.now()
  const { people, findings } = await readProtection(world, job.plan, { lane: 'change', signal })
  refuse(findings)
  const refuseStale = () => {
    if (world.clock.now() - readAt > READING_GOOD_FOR) throw new ChunkCut('what was read is to be read anew')
  }
  return { people, refuseStale }
}

/** What goes before the wave acts too: not while anything holds. Held: it is left for the next time. */
async function beforeWaveUnlessHeld(world: World, job: WaveJob, signal: AbortSignal) {
  try {
    await refuseWhenHeld(world, job, signal)
    return await readBeforeWave(world, job, signal)
  } catch (error) {
    if (!(error instanceof ChunkCut)) throw error
    return { left: 1 }
  }
}

async function preparedEvent(
  world: World,
  job: WaveJob,
  read: Reader,
): Promise<Extract<WaveEvent, { type: 'PREPARED' }>> {
  let [left, unknown] = [0, 0]
  for (const { step } of preparationsOf(world, job.rollout, job.plan)) {
    left += await read.leftToPrepare(job.wave.id, step)
    unknown += (await read.preparationsWith(job.wave.id, step, 'unknown')).length
  }
  return { type: 'PREPARED', at: world.clock.now(), attempt: job.attempt, left, unknown }
}
