import type { Revocation, RevokedSessions } from '../store/session-revocations.ts'
import type { Writer } from '../store/store.ts'
import type { RevokeOrder } from './revoke-order.ts'

const EVENTS: Record<Revocation, string> = {
  revoked: 'members.sessionsRevoked',
  unknown: 'members.sessionsUnknown',
  failed: 'members.sessionsFailed',
  skipped: 'members.sessionsSkipped',
}

/** On each person and as one event. */
export async function noteRevoked(
  writer: Writer,
  order: RevokeOrder,
  at: number,
  ids: readonly string[],
  { outcome, reason }: Pick<RevokedSessions, 'outcome' | 'reason'>,
): Promise<void> {
  if (ids.length === 0) return
  await writer.setRevocations({ ...order, at }, ids, { outcome, reason })
  const said = { at, ...order, actor: 'wavegate', reason: reason ?? '' }
  await writer.append({ ...said, type: EVENTS[outcome], data: { people: ids } })
}
