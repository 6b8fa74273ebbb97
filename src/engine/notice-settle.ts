import type { DueNotice, NoticeState } from '../store/notices.ts'
import type { Writer } from '../store/store.ts'
import type { Mailing } from './send-notices.ts'

/** What came of one notice; `planned`: it was not sent, and is tried again. */
export interface NoticeFate {
  due: DueNotice
  state: NoticeState
  reason: string | null
  requestId?: string | undefined
}

/** Writes what came of some notices, and what follows for the moment of each person, in one transaction. */
export async function settleNotices(mailing: Mailing, fates: readonly NoticeFate[]): Promise<void> {
  if (fates.length === 0) return
  const { world, wave } = mailing
  const at = world.clock.now()
  await world.store.tx(async (writer) => {
    for (const { due, state, reason, requestId = null } of fates) {
      const isOver = state !== 'planned'
      const values = { state, reason, at: isOver ? at : null, request_id: requestId }
      await writer.setNotice({ ...due, waveId: wave.id }, values)
      if (isOver) await setMoment(writer, mailing, due, state, at)
    }
    const over = fates.filter(({ state }) => state !== 'planned')
    await record(writer, mailing, over, at)
    await leaveForLater(writer, mailing, over, at)
  })
}

/** Nobody is switched sooner after the first notice, and after the last one, than its time. */
async function setMoment(
  writer: Writer,
  mailing: Mailing,
  due: DueNotice,
  state: NoticeState,
  at: number,
): Promise<void> {
  if (due.moment !== 'before') return
  const ids = [due.personId]
  const later = Math.max(due.notBefore ?? 0, at + due.leadMs)
  if (state === 'accepted' && (due.isFirst || due.isLast))
    return await writer.setMembers(mailing.rollout.id, ids, { not_before: later })
  if (!due.isFirst) return
  // Whoever is not to be switched at all is found out where it is looked at, when their wave comes.
  if (state === 'dropped') return await writer.setMembers(mailing.rollout.id, ids, { not_before: at })
  if (!isLeftForLater(mailing, due, state))
    await writer.setMembers(mailing.rollout.id, ids, { not_before: later })
}

function isLeftForLater(
  { notices, testUsers }: Mailing,
  { isFirst, moment }: DueNotice,
  state: NoticeState,
): boolean {
  const isUnreached = state === 'failed' || state === 'noAddress' || state === 'unknown'
  return isUnreached && moment === 'before' && isFirst && notices.unreachable === 'defer' && !testUsers
}

async function leaveForLater(
  writer: Writer,
  mailing: Mailing,
  fates: readonly NoticeFate[],
  at: number,
): Promise<void> {
  const { rollout, wave } = mailing
  const unreached = fates.filter(({ due, state }) => isLeftForLater(mailing, due, state))
  const people = unreached.map(({ due }) => due.personId)
  if (people.length === 0) return
  const now = await writer.membersAmong(rollout.id, people)
  const going = now.filter((one) => one.deferred === null && one.outcome === 'pending')
  const ids = going.map(({ personId }) => personId)
  await writer.setMembers(rollout.id, ids, { deferred: 'notNotified' })
  const place = { at, rolloutId: rollout.id, waveId: wave.id, actor: 'wavegate' }
  const reason = 'no notice reached them'
  await writer.append({ ...place, type: 'members.deferred', reason, data: { people: ids } })
}

/** One event for each kind of notice and what came of it. */
async function record(
  writer: Writer,
  { rollout, wave }: Mailing,
  fates: readonly NoticeFate[],
  at: number,
): Promise<void> {
  const told = fates.filter(({ state }) => state !== 'dropped')
  for (const [, some] of Map.groupBy(told, ({ due, state }) => `${due.notice} ${state}`)) {
    const [one] = some
    if (!one) continue
    const people = some.map(({ due }) => due.personId)
    const place = { at, rolloutId: rollout.id, waveId: wave.id, actor: 'wavegate' }
    const data = { notice: one.due.notice, people }
    await writer.append({ ...place, type: `notice.${one.state}`, reason: one.reason ?? '', data })
  }
}
