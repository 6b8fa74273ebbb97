import type { Reader, Writer } from '../store/store.ts'
import { type CrossingOrder, leaveOf } from './crossing.ts'
import { planOf } from './job.ts'

/** The wave whose people's sessions are to end. */
export type RevokeOrder = CrossingOrder

/** Whether sessions may be ended: `later` while anything holds, `never` where the plan or the wave has no place for it. */
export async function mayRevoke(
  read: Reader,
  order: RevokeOrder,
  now: number,
): Promise<'now' | 'later' | 'never'> {
  const rollout = await read.rollout(order.rolloutId)
  if (!rollout || !planOf(rollout).enforce.revokeSessions) return 'never'
  return await leaveOf(read, order, now)
}

/** In the wave's lane, where the plan asks for it and somebody is in place whose sessions stand. */
export async function queueRevoke(writer: Writer, order: RevokeOrder, runAt: number): Promise<void> {
  if ((await mayRevoke(writer, order, runAt)) === 'never') return
  if ((await writer.toRevoke(order.waveId, 1)).length === 0) return
  const { rolloutId, waveId } = order
  await writer.enqueueOnce({ kind: 'revokeSessions', lane: waveId, data: { rolloutId, waveId }, runAt })
}
