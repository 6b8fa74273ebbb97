import type { World } from '../engine/world.ts'
import type { User } from '../graph/directory/users.ts'
import type { AskedPass } from '../store/access-passes.ts'
import { MAY_CONFIRM } from './confirm-rollback.ts'
import type { Caller } from './contract.ts'
import { requireRole } from './permit.ts'
import type { Role } from './verbs.ts'

/** How long a word of one of the two waits for the other. */
export const PASS_WAITS_MS = 60 * 60_000

const MAY_ASK: readonly Role[] = ['helpDesk', 'onCall']

/** What a call about somebody with a directory role comes to. */
export type Turn =
  | { is: 'ask' }
  | { is: 'confirm'; asked: AskedPass }
  | { is: 'make'; asked: AskedPass }
  | { is: 'wait'; says: string; waitsFor: 'secondPerson' | 'whoAsked' }

/** An approver confirms what somebody began, and begins nothing. @throws roleTooWeak */
export function refuseApproverAlone(caller: Caller): void {
  requireRole(caller, MAY_ASK, 'pass that nobody asked for')
}

/**
 * Two people: the first asks, on-call or an approver confirms, and who asked makes the same call again and is shown the
 * pass. Neither could alone, and the pass goes to whoever has seen the person. @throws roleTooWeak
 */
export async function turnOf(world: World, caller: Caller, user: User): Promise<Turn> {
  const now = world.clock.now()
  const asked = await world.store.read.waitingPass(user.id, now - PASS_WAITS_MS)
  if (!asked) {
    refuseApproverAlone(caller)
    return { is: 'ask' }
  }
  const isOwn = asked.askedBy.toLowerCase() === caller.person.toLowerCase()
  if (asked.confirmedBy !== null) {
    if (isOwn) return { is: 'make', asked }
    const says = `${asked.confirmedBy} has confirmed it; ${asked.askedBy} makes the same call again and is shown the pass.`
    return { is: 'wait', says, waitsFor: 'whoAsked' }
  }
  if (!isOwn && caller.roles.some((role) => MAY_CONFIRM.includes(role))) return { is: 'confirm', asked }
  const says = `${asked.askedBy} asked for it, and a second person (on-call or an approver) has not confirmed yet.`
  return { is: 'wait', says, waitsFor: 'secondPerson' }
}
