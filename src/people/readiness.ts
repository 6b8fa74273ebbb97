import { z } from 'zod'
import type { Person } from './person.ts'

export const readinessSchema = z.enum(['ready', 'notReady', 'unknown'])
export type Readiness = z.infer<typeof readinessSchema>

/** A person's row in the registration report, as far as readiness needs it. */
export type RegistrationRow = { id: string; isMfaCapable?: boolean | undefined }

/** Registered is not enough: only "capable" means that policy allows the factor. */
export function readinessOf(row: Pick<Person, 'isMfaCapable'> | undefined): Readiness {
  if (row?.isMfaCapable === undefined) return 'unknown'
  return row.isMfaCapable ? 'ready' : 'notReady'
}

export type CohortReadiness = { id: string; readiness: Readiness }[]

/** One verdict for each member, also for those whom the report leaves out. */
export function cohortReadiness(
  members: readonly string[],
  rows: readonly RegistrationRow[],
): CohortReadiness {
  const byId = new Map(rows.map((row) => [row.id, row]))
  return members.map((id) => ({ id, readiness: readinessOf(byId.get(id)) }))
}
