import { z } from 'zod'
import { Fault } from '../errors.ts'
import { GraphFailure } from '../graph/errors.ts'

export const Health = z.enum(['ok', 'warning', 'problem', 'unknown'])
export type Health = z.infer<typeof Health>

export const DoctorFinding = z.object({
  check: z.string().describe('what was looked at'),
  is: Health,
  says: z.string(),
  remedy: z.string().nullable().describe('what to do; null: nothing'),
})
export type DoctorFinding = z.infer<typeof DoctorFinding>

export const DoctorReport = z.object({
  at: z.iso.datetime(),
  is: Health.describe('the worst of the findings; unknown is worse than a warning'),
  installation: z.string().describe('our mark, as it stands in the description of our policies'),
  findings: z.array(DoctorFinding),
})
export type DoctorReport = z.infer<typeof DoctorReport>

export function ok(check: string, says: string): DoctorFinding {
  return { check, is: 'ok', says, remedy: null }
}

export function amiss(check: string, is: Exclude<Health, 'ok'>, says: string, remedy: string): DoctorFinding {
  return { check, is, says, remedy }
}

/** A look that fails says so: what could not be read is unknown, never fine. */
export async function looked(
  check: string,
  look: () => Promise<DoctorFinding | DoctorFinding[]>,
): Promise<DoctorFinding[]> {
  try {
    return [await look()].flat()
  } catch (error) {
    if (error instanceof Fault) return [amiss(check, 'problem', error.message, error.hint)]
    if (error instanceof GraphFailure) return [unread(check, error)]
    throw error
  }
}

function unread(check: string, error: GraphFailure): DoctorFinding {
  const says = `It could not be read: ${error.message}`
  switch (error.kind) {
    case 'forbidden': {
      const permission = error.permission ?? 'that the message names'
      return amiss(
        check,
        'unknown',
        says,
        `Grant the application permission ${permission} and consent to it.`,
      )
    }
    case 'licence':
      return amiss(check, 'problem', says, 'It needs Microsoft Entra ID P1.')
    case 'unauthenticated':
      return amiss(
        check,
        'problem',
        says,
        'Check AZURE_TENANT_ID, AZURE_CLIENT_ID and AZURE_CLIENT_SECRET, and whether the secret has run out.',
      )
    case 'unavailable':
      return amiss(
        check,
        'unknown',
        says,
        'Check the way out of this machine, WAVEGATE_GRAPH_URL and WAVEGATE_AUTHORITY.',
      )
    case 'notFound':
    case 'alreadyExists':
    case 'notMember':
    case 'badRequest':
    case 'conflict':
    case 'throttled':
    case 'unknownEffect':
    case 'unreadable':
      return amiss(check, 'unknown', says, 'Try again; if it stays so, report it with this text.')
    default:
      return error.kind satisfies never
  }
}

const RANK: Record<Health, number> = { ok: 0, warning: 1, unknown: 2, problem: 3 }

export function worstOf(findings: readonly DoctorFinding[]): Health {
  return findings.reduce<Health>((worst, { is }) => (RANK[is] > RANK[worst] ? is : worst), 'ok')
}
