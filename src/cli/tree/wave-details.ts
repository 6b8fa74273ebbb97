import { sayDuration } from '../../plan/units.ts'
import { sayNotices } from '../../service/notices-view.ts'
import { sayPrepared } from '../../service/preparation-view.ts'
import type { WaveView } from '../../service.ts'
import { sayTime } from '../output.ts'
import type { Span } from './flow.ts'
import { holdSpans } from './hold-spans.ts'

const ENDED: readonly WaveView['state'][] = ['completed', 'rolledBack', 'aborted', 'rejected']

/** What stands below a wave: its holds, what it waits for, what it has spent, what can be said to it. */
export function waveDetails(wave: WaveView): Span[][] {
  if (wave.state === 'pending' && wave.holds.length === 0) return []
  const isLive = !ENDED.includes(wave.state)
  const possible: Span[] = [{ text: `possible: ${wave.possible.join(', ')}`, style: 'dim' }]
  return [
    ...wave.holds.map(holdSpans),
    ...wave.leftIn.map(({ upn, askedBy }): Span[] => [
      { text: `left in: ${upn}`, style: 'yellow' },
      { text: `holds a directory role; rollback --person by a second person than ${askedBy} confirms` },
    ]),
    ...preparation(wave),
    ...lockedOut(wave),
    ...approval(wave),
    ...(isLive ? soak(wave) : []),
    ...(wave.overridden.length > 0
      ? [[{ text: `gone over by a person: ${wave.overridden.join(', ')}` }]]
      : []),
    ...(isLive && wave.nextLookAt !== null ? [[{ text: `next look: ${sayTime(wave.nextLookAt)}` }]] : []),
    ...(isLive && wave.possible.length > 0 ? [possible] : []),
  ]
}

function preparation(wave: WaveView): Span[][] {
  const prepared: Span[][] = wave.prepared.length > 0 ? [[{ text: `prepared: ${sayPrepared(wave)}` }]] : []
  const isAhead = wave.ahead && wave.state === 'preparing'
  const ahead: Span[][] = isAhead ? [[{ text: 'prepared ahead; waits for its turn', style: 'cyan' }]] : []
  const isWaiting = wave.notBefore !== null && wave.state === 'awaitingWindow'
  const waits: Span[][] = isWaiting ? [[{ text: `not before ${sayTime(wave.notBefore ?? '')}` }]] : []
  const notices: Span[][] = wave.notices === null ? [] : [[{ text: `notices: ${sayNotices(wave.notices)}` }]]
  return [...prepared, ...notices, ...ahead, ...waits]
}

function lockedOut({ counts }: WaveView): Span[][] {
  if (counts.everLockedOut === 0) return []
  const text = `locked out: ${counts.lockedOutNow} now, ${counts.everLockedOut} ever, of ${counts.tried}`
  return [[counts.lockedOutNow > 0 ? { text, style: 'red' } : { text }]]
}

function approval({ state, approval }: WaveView): Span[][] {
  if (approval.by !== null) return [[{ text: `approved by ${approval.by}` }]]
  if (state !== 'awaitingApproval') return []
  const { quorum, given, until } = approval
  const who = quorum === 1 ? 'an approver' : `${quorum} approvers, ${given.length} said yes`
  const end = until === null ? '' : `; unanswered until ${sayTime(until)}, it holds`
  return [[{ text: `waits for ${who}: approve or reject${end}`, style: 'yellow' }]]
}

function soak({ state, soak }: WaveView): Span[][] {
  if (soak.elapsedMs === 0 && state !== 'soaking') return []
  const done = sayDuration(Math.min(soak.elapsedMs, soak.forMs))
  const end =
    state !== 'soaking' ? '' : soak.endsAt === null ? ', not counting now' : `, ends ${sayTime(soak.endsAt)}`
  return [[{ text: `soak: ${done} of ${sayDuration(soak.forMs)}${end}` }]]
}
