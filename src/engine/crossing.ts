import type { RolloutState, WaveState } from '../../machines/language.ts'
import type { StoredRollout, StoredWave } from '../store/rollouts.ts'
import type { Reader, Writer } from '../store/store.ts'
import { FROZEN_KEY } from './frozen-key.ts'
import { planOf } from './job.ts'
import { rolloutContextOf, waveContextOf } from './step.ts'
import type { World } from './world.ts'

/** The wave that some work of the crossing from per-user MFA to Conditional Access is about. */
export interface CrossingOrder {
  rolloutId: string
  waveId: string
}

const GOING: readonly RolloutState[] = ['running', 'completed', 'completedWithLeftovers']
const UNDER_WAY: readonly WaveState[] = ['enforcing', 'soaking', 'judging']

/** Does the plan end per-user MFA for those whom the policy is proven to ask? */
export function isCrossing(rollout: Pick<StoredRollout, 'plan'>): boolean {
  return planOf(rollout).enforce.retirePerUserMfa
}

/**
 * Whether people of the wave may lose their per-user MFA: `later` while anything holds the wave, its rollout or the
 * installation, `never` once the wave is over, taken back or out of its window.
 */
export async function mayRetire(
  read: Reader,
  order: CrossingOrder,
  now: number,
): Promise<'now' | 'later' | 'never'> {
  const rollout = await read.rollout(order.rolloutId)
  return rollout && isCrossing(rollout) ? await leaveOf(read, order, now) : 'never'
}

/** The same for anything that is done to people of a wave after they are in place. */
export async function leaveOf(
  read: Reader,
  { rolloutId, waveId }: CrossingOrder,
  now: number,
): Promise<'now' | 'later' | 'never'> {
  const rollout = await read.rollout(rolloutId)
  const wave = await read.wave(waveId)
  if (!rollout || !wave || !GOING.includes(rollout.state)) return 'never'
  if (!UNDER_WAY.includes(wave.state) && !isInsideWindow(wave, now)) return 'never'
  const { holds, heldAbove } = waveContextOf(wave.saved)
  const isHeld = heldAbove || holds.length > 0 || rolloutContextOf(rollout.saved).holds.length > 0
  return isHeld || (await read.setting(FROZEN_KEY)) ? 'later' : 'now'
}

function isInsideWindow(wave: StoredWave, now: number): boolean {
  const { completedAt, settings } = waveContextOf(wave.saved)
  return wave.state === 'completed' && completedAt !== null && now <= completedAt + settings.rollbackWindowMs
}

/** Completed waves some of whose people may still be proven: the log is read for them until their window ends. */
export async function wavesStillCrossing(read: Reader, now: number): Promise<StoredWave[]> {
  const found: StoredWave[] = []
  for (const wave of await read.wavesIn(['completed'])) {
    if (!isInsideWindow(wave, now)) continue
    const leave = await mayRetire(read, { rolloutId: wave.rolloutId, waveId: wave.id }, now)
    if (leave !== 'never' && (await read.openCrossings(wave.id)).length > 0) found.push(wave)
  }
  return found
}

/** A proof, or a named decision, counts only from here on: the policy was last put on again then, by whatever hand. */
export async function wordsCountSince(read: Reader, rolloutId: string): Promise<number> {
  const rearmed = (await read.newestEvent(rolloutId, ['verb.rearm']))?.at ?? -1
  const bare = await read.newestEvent(rolloutId, ['crossing.bare'])
  if (!bare) return rearmed
  // While the finding stands it holds, and nobody goes over.
  return Math.max(rearmed, bare.at, await read.liftedAt(rolloutId, 'drift'))
}

/** In the wave's lane, so that nothing else is done to its people meanwhile. */
export async function queueRetire(writer: Writer, order: CrossingOrder, runAt: number): Promise<void> {
  await writer.enqueueOnce({ kind: 'retire', lane: order.waveId, data: order, runAt })
}

const SAID = [
  'crossing.waits',
  'crossing.failed',
  'sessions.wait',
  'sessions.failed',
  'notices.wait',
  'prepare.waits',
] as const

/** Said once, however often it is met again. */
export async function sayOnce(
  world: World,
  { rolloutId, waveId }: CrossingOrder,
  type: (typeof SAID)[number],
  reason: string,
): Promise<void> {
  const last = await world.store.read.newestEvent(rolloutId, SAID, waveId)
  if (last?.type === type && last.reason === reason) return
  const at = world.clock.now()
  await world.store.tx((writer) => writer.append({ at, rolloutId, waveId, type, actor: 'wavegate', reason }))
}
