import type { SignInActivity } from '@microsoft/microsoft-graph-types'
import type { Person } from '../people/person.ts'
import type { GraphCall } from './route.ts'

/** Only who names it is shown it. */
export function asksForActivity(query: Record<string, string>): boolean {
  return (query.$select ?? '').split(',').some((name) => name.trim() === 'signInActivity')
}

/** Nothing for whoever has never signed in. */
export function activityOf(call: GraphCall, person: Person): { signInActivity?: SignInActivity } {
  if (!asksForActivity(call.query)) return {}
  const signInActivity = byHand(person) ?? call.world.lastSignIns.of(person, call.now)
  return signInActivity ? { signInActivity } : {}
}

/** A drill that somebody made by hand. */
function byHand({ signedInAt }: Person): SignInActivity | undefined {
  if (signedInAt === null) return undefined
  const time = `${new Date(signedInAt).toISOString().slice(0, 19)}Z`
  return { lastSignInDateTime: time, lastSuccessfulSignInDateTime: time }
}
