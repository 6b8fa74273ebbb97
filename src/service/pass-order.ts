import type { Ask } from '../graph/directory/ask.ts'
import type { User } from '../graph/directory/users.ts'
import type { Writer } from '../store/store.ts'
import type { Caller } from './contract.ts'
import type { WantedPass } from './pass-limits.ts'
import type { PassAnswer } from './pass-view.ts'

export interface PassCall extends WantedPass {
  /** Object id or user principal name. */
  person: string
  /** Who asked for it, said by a second person. */
  confirms?: string | undefined
  reason: string
  dryRun: boolean
}

/** What a pass is asked for with: who, for whom, why, and where it was said. */
export interface PassOrder {
  caller: Caller
  call: PassCall
  user: User
  place: { rolloutId: string | null; waveId: string | null }
  ask: Ask
  /** Puts the answer, without the pass, on record in the transaction that knows it. */
  keep(writer: Writer, answer: PassAnswer): Promise<void>
}

export function answerTo({ call, user }: PassOrder): Pick<PassAnswer, 'dryRun' | 'person'> {
  const { id: personId, userPrincipalName: upn, displayName } = user
  return { dryRun: call.dryRun, person: { personId, upn, displayName: displayName ?? upn } }
}
