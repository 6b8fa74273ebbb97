import { liftHolds, placeHold } from './holds.ts'
import type { WaveContext, WaveEvent } from './language.ts'
import { wakeAt } from './work.ts'

type Part = Partial<WaveContext>

/** The approvers are asked: whatever was approved before does not count for what they are asked now. */
export function askApproval(context: WaveContext, at: number): Part {
  const { approval, answerWithinMs } = context.settings
  const until = approval && answerWithinMs !== undefined ? at + answerWithinMs : null
  return { asked: null, approvedBy: null, approvals: [], approvalAskedAt: at, ...wakeAt(until)(context) }
}

/** One more yes. Enough of different people, and the wave is approved. */
export function approve(context: WaveContext, event: WaveEvent): Part {
  if (event.type !== 'APPROVE') return {}
  const isSame = (one: string) => (other: string) => one.toLowerCase() === other.toLowerCase()
  const stands = (context.approvals ?? []).filter(
    (person) => !isSame(event.by)(person) && !(event.without ?? []).some(isSame(person)),
  )
  const approvals = [...stands, event.by]
  if (approvals.length < quorumOf(context)) return { approvals }
  return { approvals, approvedBy: approvals.join(', '), holds: liftHolds(context.holds, ['approvalExpired']) }
}

/** The time to answer is over. The question stands: an approval lifts the hold. */
export function expireApproval(context: WaveContext, at: number): Part {
  const reason = `the time to answer is over: ${context.approvals?.length ?? 0} of ${quorumOf(context)} approvers have said yes`
  const hold = { kind: 'approvalExpired' as const, since: at, by: 'wavegate', reason, gate: 'approval' }
  return { holds: placeHold(context.holds, hold), ...wakeAt(null)(context) }
}

export function leaveApproval(context: WaveContext): Part {
  return { holds: liftHolds(context.holds, ['approvalExpired']), ...wakeAt(null)(context) }
}

export function quorumOf({ settings }: Pick<WaveContext, 'settings'>): number {
  return settings.quorum ?? 1
}
