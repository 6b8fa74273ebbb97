import type { Hand } from '../journal.ts'
import { latest, write } from '../lagged.ts'
import type { Method, Person } from '../people/person.ts'
import type { UserPatch } from './change.ts'
import type { ChangeContext } from './change-context.ts'
import { setPerUserMfa, turnWhenReady } from './change-per-user-mfa.ts'
import { keepPhonesWith } from './change-phones.ts'

export function patchUser(
  context: ChangeContext,
  person: Person,
  patch: UserPatch,
  hand: Hand,
  now: number,
): void {
  const { perUserMfa, ...set } = patch
  if (perUserMfa) setPerUserMfa(context, person, perUserMfa, hand, now)
  const names = (Object.keys(set) as (keyof typeof set)[]).filter(
    (name) => JSON.stringify(person[name]) !== JSON.stringify(set[name]),
  )
  if (names.length === 0) return
  const before = Object.fromEntries(names.map((name) => [name, person[name]]))
  const after = Object.fromEntries(names.map((name) => [name, set[name]]))
  Object.assign(person, after)
  context.journal.add(now, hand, `users/${person.id}`, before, after)
}

/** Whoever was away works again from now on. The directory knows nothing of it: only their sign-ins tell. */
export function comeBack(context: ChangeContext, person: Person, now: number): undefined {
  if (!person.habit.away) return
  person.habit.away = false
  context.join(person, now)
}

export function setMethods(
  context: ChangeContext,
  person: Person,
  set: { methods: Method[]; phoneBroken: boolean },
  hand: Hand,
  now: number,
): void {
  const before = latest(person.methods)
  if (JSON.stringify(before) === JSON.stringify(set.methods) && person.phoneBroken === set.phoneBroken) return
  const change = context.next()
  person.phoneBroken = set.phoneBroken
  write(person.methods, set.methods, { now, readAt: now + context.delays.untilReported(change), biteAt: now })
  context.journal.add(
    now,
    hand,
    `users/${person.id}/authentication/methods`,
    { methods: before },
    { methods: set.methods },
  )
  keepPhonesWith(context, person, now)
  turnWhenReady(context, person, now)
}
