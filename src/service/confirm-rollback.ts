import type { World } from '../engine/world.ts'
import { fault } from '../errors.ts'
import type { Member } from '../store/members.ts'
import type { Writer } from '../store/store.ts'
import type { Situation } from './act.ts'
import { withPreparation } from './rollback-preparation.ts'
import { ROLE_NAMES, type Role } from './verbs.ts'

export const MAY_CONFIRM: readonly Role[] = ['onCall', 'approver']

/** Left in by somebody else, and named by a second person who may say so. */
export function isConfirmedBy({ caller }: Situation, { restore, leftInBy }: Member): boolean {
  const isSecond = leftInBy !== null && leftInBy.toLowerCase() !== caller.person.toLowerCase()
  return restore === 'leftIn' && isSecond && caller.roles.some((role) => MAY_CONFIRM.includes(role))
}

/** An approver confirms what somebody on call began, and begins nothing. @throws roleTooWeak */
export function refuseApproverAlone(situation: Situation, people: readonly Member[] | undefined): void {
  const { caller } = situation
  if (caller.roles.includes('onCall') || caller.roles.includes('helpDesk')) return
  if (people?.every((member) => member.restore === 'leftIn')) return
  throw fault('roleTooWeak', {
    person: caller.person,
    role: caller.roles.map((role) => ROLE_NAMES[role]).join(', '),
    verb: 'rollback of people who do not wait for a second person',
    roles: 'on-call',
  })
}

/** They go back now. In a wave that is being taken back they are its last; out of any other they are parked. */
export async function confirm(
  writer: Writer,
  world: World,
  { caller, call, rollout }: Situation,
  people: readonly Member[],
): Promise<void> {
  const at = world.clock.now()
  for (const [waveId, members] of Map.groupBy(people, (member) => member.waveId)) {
    const ids = members.map((member) => member.personId)
    const isWave = (await writer.wave(waveId))?.state === 'rollingBack'
    const parked = isWave ? {} : { deferred: 'rolledBack', parked_at: at, released_at: null }
    await writer.setMembers(rollout.id, ids, {
      restore: null,
      restore_reason: null,
      confirmed_by: caller.person,
      ...parked,
    })
    const data = { rolloutId: rollout.id, people: ids, by: caller.person, ...withPreparation(call) }
    await writer.enqueue({ kind: 'restorePeople', lane: waveId, data, runAt: at })
    await writer.append({
      at,
      rolloutId: rollout.id,
      waveId,
      type: 'verb.rollback',
      actor: caller.person,
      reason: call.reason,
      data: { people: ids, confirms: members.map((member) => member.leftInBy), channel: caller.channel },
    })
  }
}
