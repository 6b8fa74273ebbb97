import type { RegistrationRow } from './readiness.ts'

/** A number we registered for somebody, and read back. */
export interface RegisteredPhone {
  type: 'mobile' | 'office'
  /** When the tenant last showed it. */
  at: number
}

export type ReportRow = RegistrationRow & { lastUpdatedDateTime?: string | null }

const METHOD = { mobile: 'mobilePhone', office: 'officePhone' } as const

/**
 * The report is hours behind (Microsoft: "up to a few hours"): a number that we read back counts beside it, until a report
 * that must know of it says otherwise. `lagMs`: how far behind a report may be. Somebody whom the report leaves out stays
 * left out: nothing else is known of them.
 */
export function withRegisteredPhones<T extends ReportRow>(
  rows: readonly T[],
  phones: ReadonlyMap<string, RegisteredPhone>,
  lagMs: number,
): T[] {
  return rows.map((row) => {
    const phone = phones.get(row.id)
    if (phone === undefined || isKnownBy(row, phone.at, lagMs)) return row
    const methodsRegistered = [...new Set([...(row.methodsRegistered ?? []), METHOD[phone.type]])]
    return { ...row, isMfaCapable: true, methodsRegistered }
  })
}

/** Whether the report must know by now of what the tenant showed then. Without a time it is taken for one that is behind. */
export function isKnownBy({ lastUpdatedDateTime }: ReportRow, at: number, lagMs: number): boolean {
  const refreshedAt = Date.parse(lastUpdatedDateTime ?? '')
  return !Number.isNaN(refreshedAt) && refreshedAt > at + lagMs
}
