import { z } from 'zod'
import type { CompiledPlan } from '../plan/compiled-plan.ts'
import { REVOCATIONS } from '../store/session-revocations.ts'
import type { Reader } from '../store/store.ts'

/** What became of one person's sessions. */
export const SessionsOfPerson = z.object({
  outcome: z.enum(REVOCATIONS).describe('unknown: asked for, and not read back yet'),
  reason: z.string().nullable(),
  at: z.iso.datetime(),
})
export type SessionsOfPerson = z.infer<typeof SessionsOfPerson>

export async function sessionsOfPerson(
  read: Reader,
  rolloutId: string,
  personId: string,
): Promise<SessionsOfPerson | null> {
  const found = await read.revocationOf(rolloutId, personId)
  return found ? { ...found, at: new Date(found.at).toISOString() } : null
}

/** What a plan does to sessions, before anybody is touched. */
export function sayRevocation({ enforce }: Pick<CompiledPlan, 'enforce'>): string[] {
  if (!enforce.revokeSessions) return []
  return [
    'Each person’s sessions are ended once, as soon as the person is read back in place: they sign in again everywhere within minutes. There is no way back for that; nobody protected is touched.',
  ]
}
