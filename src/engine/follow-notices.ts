import type { Hold } from '../../machines/language.ts'
import type { Writer } from '../store/store.ts'
import { planOf } from './plan-of.ts'

/** The kind of the task that sends what is due of a wave's notices. */
export const NOTICES_DUE = 'noticesDue'

/** Which wave's notices. */
export interface NoticesOrder {
  rolloutId: string
  waveId: string
}

/** As much of an instance as decides what may be sent. */
interface Standing {
  state: string
  context: { holds: readonly Hold[]; heldAbove?: boolean }
}

function isSame(before: Standing, after: Standing): boolean {
  const holds = ({ context }: Standing) =>
    JSON.stringify([context.holds.map(({ kind }) => kind), context.heldAbove])
  return before.state === after.state && holds(before) === holds(after)
}

/** Nobody of such a wave is written to any more. */
const ENDED: readonly string[] = ['aborted', 'rollingBack', 'rolledBack', 'rollbackFailed', 'skipped']

/** Looks what is due as soon as a wave stands otherwise, in the lane of its own work. */
export async function followWaveNotices(
  writer: Writer,
  order: NoticesOrder,
  event: { type: string; at: number },
  before: Standing,
  after: Standing,
): Promise<void> {
  const isNews = event.type === 'BATCH_ENFORCED' || event.type === 'READINESS_JUDGED'
  if (!isNews && isSame(before, after)) return
  if (!(await hasNotices(writer, order.rolloutId))) return
  if (after.state === 'completed') await writer.dropBefore(order.waveId, event.at)
  const reason = 'the wave has ended'
  if (!ENDED.includes(after.state)) await queueNotices(writer, order, event.at)
  else await writer.dropNoticesBut(order.waveId, [], { at: event.at, reason })
}

/** Waves that are over do not hear what holds or releases the rollout. */
export async function followRolloutNotices(
  writer: Writer,
  rolloutId: string,
  at: number,
  before: Standing,
  after: Standing,
): Promise<void> {
  if (isSame(before, after) || !(await hasNotices(writer, rolloutId))) return
  const over = (await writer.wavesOf(rolloutId)).filter(({ state }) => state === 'completed')
  for (const { id } of over) await queueNotices(writer, { rolloutId, waveId: id }, at)
}

/** The installation is thawed: what fell due meanwhile of waves that are over goes out, however their rollout ended. */
export async function thawNotices(writer: Writer, at: number): Promise<void> {
  for (const { id, rolloutId } of await writer.wavesIn(['completed']))
    if (await hasNotices(writer, rolloutId)) await queueNotices(writer, { rolloutId, waveId: id }, at)
}

export async function queueNotices(writer: Writer, order: NoticesOrder, runAt: number): Promise<void> {
  await writer.enqueueOnce({ kind: NOTICES_DUE, lane: order.waveId, data: order, runAt })
}

async function hasNotices(writer: Writer, rolloutId: string): Promise<boolean> {
  const rollout = await writer.rollout(rolloutId)
  return rollout !== undefined && planOf(rollout).prepare?.notices != null
}
