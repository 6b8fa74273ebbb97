import { readBudgets } from './budgets.ts'
import { gateWord, recordGates } from './gate-record.ts'
import { finish, type WaveJob } from './job.ts'
import { takeIn } from './watch.ts'
import type { World } from './world.ts'

/** The end of a wave: the log is read anew first, so that a soak that ended unwatched is judged by what is true now. */
export async function judge(world: World, job: WaveJob, signal: AbortSignal): Promise<void> {
  await takeIn(world, [job.wave], signal)
  const results = await readBudgets(world, job, { freshSince: job.context.soakEndedAt ?? undefined })
  const counts = await world.store.read.counts(job.wave.id)
  const at = world.clock.now()
  const event = {
    type: 'JUDGED' as const,
    at,
    attempt: job.attempt,
    gates: results.map(gateWord),
    leftovers: counts.deferred + counts.failed + counts.skipped,
  }
  await finish(world, job, event, (writer) => recordGates(writer, job, at, results))
}
