import type { Hand } from '../journal.ts'
import { latest, write } from '../lagged.ts'
import type { Person, PerUserMfaState } from '../people/person.ts'
import { guid } from '../random.ts'
import type { ChangeContext } from './change-context.ts'

/** Sets somebody's per-user MFA; `enabled` turns into `enforced` by itself where there is a method. */
export function setPerUserMfa(
  context: ChangeContext,
  person: Person,
  state: PerUserMfaState,
  hand: Hand,
  now: number,
): void {
  const before = person.perUserMfa
  if (before === state) return
  const change = context.next()
  person.perUserMfa = state
  const { untilRead, untilAsked } = context.delays
  write(person.perUserMfaLine, state, {
    now,
    readAt: now + untilRead(change),
    biteAt: now + untilAsked(change),
  })
  const target = `users/${person.id}/authentication/requirements`
  context.journal.add(now, hand, target, { perUserMfaState: before }, { perUserMfaState: state })
  turnWhenReady(context, person, now)
}

/** Microsoft turns `enabled` into `enforced` once there is a method, a little later. */
export function turnWhenReady(context: ChangeContext, person: Person, now: number): void {
  if (!isToTurn(person)) return
  const change = context.next()
  context.later(now + context.delays.untilTurned(change), (at) => {
    if (!isToTurn(person) || person.deleted) return
    const path = `/beta/users/${person.id}/authentication/requirements`
    const requestId = guid(context.seed, `turned/${change}`)
    setPerUserMfa(context, person, 'enforced', { actor: 'microsoft', requestId, method: 'PATCH', path }, at)
  })
}

function isToTurn(person: Person): boolean {
  return person.perUserMfa === 'enabled' && latest(person.methods).length > 0
}
