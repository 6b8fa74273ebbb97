import type { Hand } from '../journal.ts'
import type { ChangeContext } from './change-context.ts'

/** Ends somebody's sessions: they are asked again at their next touch, some minutes later. */
export function revokeSessions(context: ChangeContext, user: string, hand: Hand, now: number): void {
  const { directory, journal, delays } = context
  const before = directory.sessionsFrom.get(user) ?? null
  directory.sessionsFrom.set(user, now)
  const said = (at: number | null) => ({
    signInSessionsValidFromDateTime: at === null ? null : new Date(at).toISOString(),
  })
  journal.add(now, hand, `users/${user}/signInSessions`, said(before), said(now))
  context.later(now + delays.untilAsked(context.next()), () => {
    directory.sessionsEnded.set(user, now)
  })
}
