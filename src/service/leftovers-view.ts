import { AFTER_LAST_FREEZE } from '../engine/left-out.ts'
import type { MemberCounts } from '../store/members.ts'
import type { Reader } from '../store/store.ts'
import type { LeftoverView } from './views.ts'

/** Members who are not under MFA by the rollout, then who came after the last wave was frozen. */
export async function leftoversView(read: Reader, id: string): Promise<LeftoverView[]> {
  const waves = new Map((await read.wavesOf(id)).map((wave) => [wave.id, wave.name]))
  const members = (await read.leftovers(id)).map((member) => ({
    personId: member.personId,
    upn: member.upn,
    displayName: member.displayName,
    wave: waves.get(member.waveId) ?? '',
    reason: member.deferred ?? member.restore ?? member.outcomeReason ?? member.outcome,
  }))
  const late = (await read.leftOut(id)).filter(({ reason }) => reason === AFTER_LAST_FREEZE)
  return [
    ...members,
    ...late.map(({ person_id: personId, upn, display_name: displayName, reason }) => ({
      personId,
      upn,
      displayName,
      wave: null,
      reason,
    })),
  ]
}

/** As many as the list names. */
export function countLeftovers(
  counts: readonly Pick<MemberCounts, 'leftOver'>[],
  leftOut: readonly { reason: string; people: number }[],
): number {
  const late = leftOut.find(({ reason }) => reason === AFTER_LAST_FREEZE)?.people ?? 0
  return counts.reduce((sum, { leftOver }) => sum + leftOver, late)
}
