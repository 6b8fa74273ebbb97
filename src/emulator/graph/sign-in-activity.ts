import type { SignInActivity } from '@microsoft/microsoft-graph-types'
import type { Person } from '../people/person.ts'
import { denied, unlicensed } from './graph-error.ts'
import type { GraphCall } from './route.ts'

const NAME = 'signInActivity'

/** Comes only when `$select` names it, to applications that may read the log of a tenant with Entra ID P1. */
export function asksForActivity({ query }: Pick<GraphCall, 'query'>): boolean {
  return (query.$select ?? '').split(',').some((name) => name.trim() === NAME)
}

/** @throws GraphError */
export function refuseActivity({ settings }: Pick<GraphCall, 'settings'>): void {
  if (!settings.permissions.has('AuditLog.Read.All')) throw denied()
  if (!settings.premium) throw unlicensed()
}

/** Nothing for whoever has never signed in. */
export function activityOf(call: GraphCall, person: Person): { signInActivity?: SignInActivity } {
  const at = call.world.log.lastSuccess(person.id) ?? person.signedInAt
  if (at === null) return {}
  const time = `${new Date(at).toISOString().slice(0, 19)}Z`
  return { signInActivity: { lastSignInDateTime: time, lastSuccessfulSignInDateTime: time } }
}
