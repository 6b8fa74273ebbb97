import type { World } from '../engine/world.ts'
import { fault } from '../errors.ts'
import type { User } from '../graph/directory/users.ts'
import type { AskedPass } from '../store/access-passes.ts'
import { MAY_CONFIRM } from './confirm-rollback.ts'
import type { Caller } from './contract.ts'
import type { PassCall } from './pass-order.ts'
import { requireRole } from './permit.ts'
import type { Role } from './verbs.ts'
import { time } from './views.ts'

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
 * Two people: the first asks, on-call or an approver confirms it by that one's name, and who asked makes the same call
 * again and is shown the pass. Neither could alone, the pass goes to whoever has seen the person, and nobody confirms what
 * they did not mean to. @throws roleTooWeak, passBarred
 */
export async function turnOf(world: World, caller: Caller, user: User, call: PassCall): Promise<Turn> {
  const now = world.clock.now()
  const asked = await world.store.read.waitingPass(user.id, now - PASS_WAITS_MS)
  if (call.confirms !== undefined) return confirming(caller, user, call.confirms, asked)
  if (!asked) {
    refuseApproverAlone(caller)
    return { is: 'ask' }
  }
  const isOwn = isSame(asked.askedBy, caller.person)
  if (asked.confirmedBy !== null) {
    if (isOwn) return { is: 'make', asked }
    const says = `${asked.confirmedBy} has confirmed it; ${asked.askedBy} makes the same call again and is shown the pass.`
    return { is: 'wait', says, waitsFor: 'whoAsked' }
  }
  const { askedBy, askedAt, reason } = asked
  const says = `${askedBy} asked for it at ${time(askedAt)} (${reason}); a second person, on-call or an approver, confirms that by naming ${askedBy}.`
  return { is: 'wait', says, waitsFor: 'secondPerson' }
}

function confirming(caller: Caller, user: User, whom: string, asked: AskedPass | undefined): Turn {
  requireRole(caller, MAY_CONFIRM, 'confirming a pass')
  const barred = (because: string) =>
    fault('passBarred', {
      person: user.userPrincipalName,
      because,
      instead: 'A dry run without confirms says who asked, when and why.',
    })
  if (!asked || !isSame(asked.askedBy, whom)) throw barred(`${whom} has not asked for one within the hour`)
  if (isSame(asked.askedBy, caller.person)) throw barred('nobody confirms their own word')
  if (asked.confirmedBy === null) return { is: 'confirm', asked }
  return { is: 'wait', says: `${asked.confirmedBy} has confirmed it already.`, waitsFor: 'whoAsked' }
}

function isSame(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase()
}
