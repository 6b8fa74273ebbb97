import type { Task } from '../store/tasks.ts'
import { enforce } from './enforce.ts'
import { freezeCohort } from './freeze-cohort.ts'
import { jobFailure, Superseded, type WaveJob, waveJob } from './job.ts'
import { judge } from './judge.ts'
import { judgeReadiness } from './judge-readiness.ts'
import { restorePeople, restoreWave } from './restore.ts'
import type { TaskHandler } from './runtime.ts'
import { switchBack } from './switch-back.ts'
import { tellRollout, tellWave, type WorkOrder } from './tell.ts'
import { watchSignIns } from './watch.ts'
import type { World } from './world.ts'

type WaveWork = Exclude<WorkOrder['work'], 'switchBack'>

const WAVE_WORK: Record<WaveWork, (world: World, job: WaveJob, signal: AbortSignal) => Promise<void>> = {
  freezeCohort,
  judgeReadiness,
  enforce,
  judge,
  restore: restoreWave,
}

/** What the engine does for each kind of task. */
export function taskHandlers(world: World): Record<string, TaskHandler> {
  return {
    work: (task, signal) => work(world, task, signal),
    watch: (task, signal) => watchSignIns(world, task, signal),
    restorePeople: (task, signal) => restorePeople(world, task, signal),
  }
}

async function work(world: World, task: Task, signal: AbortSignal): Promise<void> {
  const order = task.data as WorkOrder
  try {
    if (order.work === 'switchBack') return await switchBack(world, order, signal)
    const job = await waveJob(world, order)
    if (job) await WAVE_WORK[order.work](world, job, signal)
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
  const event = { type: 'WORK_FAILED' as const, at: world.clock.now(), attempt: order.attempt, ...failure }
  await world.store.tx(async (writer) => {
    if (order.waveId === null) await tellRollout(writer, order.rolloutId, event)
    else await tellWave(writer, order.waveId, event)
  })
}
