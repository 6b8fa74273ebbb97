import type { WaveJob } from './job.ts'
import { waveContextOf } from './step.ts'
import type { World } from './world.ts'

/** The wave under way has spent a budget: the next one is led no nearer to the switch before somebody has accepted that. */
export async function isOverBudget(world: World, { rollout, wave }: WaveJob): Promise<boolean> {
  const others = (await world.store.read.wavesOf(rollout.id)).filter(({ id }) => id !== wave.id)
  return others.some(({ saved }) => waveContextOf(saved).holds.some(({ kind }) => kind === 'budgetSpent'))
}
