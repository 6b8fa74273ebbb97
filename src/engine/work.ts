import type { WaveEvent } from '../../machines/language.ts'
import type { Writer } from '../store/store.ts'
import type { Task } from '../store/tasks.ts'
import { APPROVAL_DUE, approvalDue } from './approval-age.ts'
import { settleCampaign } from './campaign.ts'
import { CAMPAIGN } from './campaign-record.ts'
import { countLeftovers } from './count-leftovers.ts'
import { look } from './drift.ts'
import { enforce } from './enforce.ts'
import { NOTICES_DUE } from './follow-notices.ts'
import { freezeCohort } from './freeze-cohort.ts'
import { GATHER, gatherTask } from './gather-task.ts'
import { graduate } from './graduate.ts'
import { HOLD_DUE, holdDue } from './hold-age.ts'
import { type JobFailure, jobFailure, Superseded, type WaveJob, waveJob } from './job.ts'
import { judge } from './judge.ts'
import { judgeReadiness } from './judge-readiness.ts'
import { lastLook } from './last-look.ts'
import { narrow } from './narrow.ts'
import { noticesDue } from './notices-due.ts'
import { prepare } from './prepare.ts'
import { noteFailure, restorePeople, restoreWave } from './restore.ts'
import { retireProven } from './retire.ts'
import { revokeSessions } from './revoke-sessions.ts'
import type { TaskHandler } from './runtime.ts'
import { switchBack } from './switch-back.ts'
import { tellRollout, tellWave, type WorkOrder } from './tell.ts'
import { lookAfterDisarm, unretire } from './unretire.ts'
import { watchSignIns } from './watch.ts'
import { WIPE_TOKENS, wipeTokens } from './wipe-tokens.ts'
import type { World } from './world.ts'

type Failed = Extract<WaveEvent, { type: 'WORK_FAILED' }>

type RolloutWork = 'switchBack' | 'countLeftovers' | 'graduate' | 'narrow'
type WaveWork = Exclude<WorkOrder['work'], RolloutWork>

const WAVE_WORK: Record<WaveWork, (world: World, job: WaveJob, signal: AbortSignal) => Promise<void>> = {
  freezeCohort,
  prepare,
  judgeReadiness,
  enforce,
  judge,
  restore: restoreWave,
}

const ROLLOUT_WORK: Record<
  RolloutWork,
  (world: World, order: WorkOrder, signal: AbortSignal) => Promise<void>
> = { switchBack, countLeftovers, graduate, narrow }

function isOfRollout(work: WorkOrder['work']): work is RolloutWork {
  return work in ROLLOUT_WORK
}

/** What the engine does for each kind of task. */
export function taskHandlers(world: World): Record<string, TaskHandler> {
  return {
    work: (task, signal) => work(world, task, signal),
    look: (task, signal) => look(world, task, signal),
    watch: (task, signal) => watchSignIns(world, task, signal),
    [APPROVAL_DUE]: (task) => approvalDue(world, task),
    [HOLD_DUE]: (task) => holdDue(world, task),
    [CAMPAIGN]: (_task, signal) => settleCampaign(world, signal),
    [NOTICES_DUE]: (task, signal) => noticesDue(world, task, signal),
    [WIPE_TOKENS]: (task) => wipeTokens(world, task),
    [GATHER]: (task, signal) => gatherTask(world, task, signal),
    restorePeople: (task, signal) => restorePeople(world, task, signal),
    revokeSessions: (task, signal) => revokeSessions(world, task, signal),
    retire: (task, signal) => retireProven(world, task, signal),
    unretire: (task, signal) => unretire(world, task, signal),
    unretirePeople: (task, signal) => unretire(world, task, signal),
    lookAfterDisarm: (task, signal) => lookAfterDisarm(world, task, signal),
  }
}

async function work(world: World, task: Task, signal: AbortSignal): Promise<void> {
  const order = task.data as WorkOrder
  try {
    const { work: kind } = order
    if (isOfRollout(kind)) return await ROLLOUT_WORK[kind](world, order, signal)
    const job = await waveJob(world, order)
    if (job) await WAVE_WORK[kind](world, job, signal)
    else if (order.work === 'enforce') await lastLook(world, order, signal)
  } catch (error) {
    if (error instanceof Superseded) return
    // A server that stops leaves the task for the next start.
    if (signal.aborted) throw error
    await reportFailure(world, order, error)
  }
}

async function reportFailure(world: World, order: WorkOrder, error: unknown): Promise<void> {
  const failure = jobFailure(error)
  world.log.warn({ err: error, order, ...failure }, 'work could not be done')
  const event: Failed = { type: 'WORK_FAILED', at: world.clock.now(), attempt: order.attempt, ...failure }
  await world.store.tx((writer) => tellFailure(writer, order, event, failure))
}

/** In words on the record too: a rollback is not held by anything that would say why it does not go on. */
async function tellFailure(
  writer: Writer,
  order: WorkOrder,
  event: Failed,
  failure: JobFailure,
): Promise<void> {
  const { rolloutId, waveId } = order
  const told =
    waveId === null ? await tellRollout(writer, rolloutId, event) : await tellWave(writer, waveId, event)
  if (!told.moved) return
  const place = { rolloutId, at: event.at }
  const said = { ...place, waveId, actor: 'wavegate', reason: failure.message }
  await writer.append({ ...said, type: 'work.failed', data: { work: order.work, ...failure } })
  if (order.work === 'restore' && waveId !== null && !failure.passing)
    await noteFailure(writer, place, await writer.membersOf(waveId), failure)
}
