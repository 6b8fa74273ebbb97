import type { CompiledPlan } from '../plan/compiled-plan.ts'
import { isRound, plannedWave, roundName } from '../plan/planned-wave.ts'
import type { StoredRollout, StoredWave } from '../store/rollouts.ts'
import type { Writer } from '../store/store.ts'
import { Superseded } from './job.ts'
import { findLeftovers } from './leftovers.ts'
import { planOf } from './plan-of.ts'
import { beginWave, rolloutContextOf } from './step.ts'
import { tellRollout, type WorkOrder } from './tell.ts'
import { waveSettings } from './wave-settings.ts'
import type { World } from './world.ts'

/**
 * After the waves of the plan: counts who is left over. While there is somebody, the next round stands ready as a wave
 * that a person can skip; it begins when somebody of them is ready.
 */
export async function countLeftovers(world: World, order: WorkOrder, signal: AbortSignal): Promise<void> {
  const rollout = await world.store.read.rollout(order.rolloutId)
  const asked = rollout && rolloutContextOf(rollout.saved).asked
  if (!rollout || asked?.stands !== 'open' || asked.attempt !== order.attempt) return
  const found = await findLeftovers(world, rollout, { lane: 'scan', signal })
  const plan = planOf(rollout)
  const at = world.clock.now()
  await world.store.tx(async (writer) => {
    await writer.replaceLeftOut(rollout.id, found.outside)
    await noteNever(writer, rollout, at, found.never)
    const waves = await writer.wavesOf(rollout.id)
    const waiting = waves.find((wave) => isRound(plan, wave.position) && wave.state === 'pending')
    if (found.open === 0 && waiting) await writer.deleteWave(waiting.id)
    if (found.open > 0 && !waiting)
      await addRound(writer, world, { rollout, plan, at, position: waves.length })
    const { length } = await writer.wavesOf(rollout.id)
    const told = await tellRollout(writer, rollout.id, {
      type: 'LEFTOVERS_COUNTED',
      at,
      attempt: order.attempt,
      waves: length,
      leftovers: found.all + untouchedWaves(waves),
      open: found.open,
      ready: found.members.length + found.late.length,
    })
    if (!told.moved) throw new Superseded('the rollout does not wait for this count any more')
  })
}

/** Nobody counted the people of a wave that was skipped before it was prepared; that there are some is what matters. */
function untouchedWaves(waves: readonly StoredWave[]): number {
  return waves.filter((wave) => wave.state === 'skipped' && wave.frozenAt === null).length
}

/** Said when they are others than before: they are left over, and the catch-up does not stay open for them. */
async function noteNever(
  writer: Writer,
  { id: rolloutId }: Pick<StoredRollout, 'id'>,
  at: number,
  people: readonly string[],
): Promise<void> {
  const last = await writer.newestEvent(rolloutId, ['leftovers.never'])
  const known = (last?.data['people'] ?? []) as string[]
  if (JSON.stringify(known) === JSON.stringify(people)) return
  const reason = 'no round takes them: they hold a directory role, or are under the protection of the plan'
  await writer.append({
    at,
    rolloutId,
    type: 'leftovers.never',
    actor: 'wavegate',
    reason,
    data: { people: [...people] },
  })
}

interface Round {
  rollout: StoredRollout
  plan: CompiledPlan
  at: number
  position: number
}

async function addRound(writer: Writer, world: World, { rollout, plan, at, position }: Round): Promise<void> {
  const planned = plannedWave(plan, position)
  if (!planned) throw new Error(`rollout ${rollout.id} has no catch-up`)
  const { saved } = beginWave(waveSettings(world, plan, planned))
  const id = `${rollout.id}.${position + 1}`
  const name = roundName(plan, position)
  await writer.insertWave({ id, rolloutId: rollout.id, position, name, saved, state: 'pending' })
  const about = { at, rolloutId: rollout.id, waveId: id, actor: 'wavegate' }
  await writer.append({ ...about, type: 'wave.added', data: { name, position } })
}
