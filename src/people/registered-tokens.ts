import { isKnownBy, type ReportRow } from './registered-phones.ts'

const METHOD = 'hardwareOneTimePasscode'

/**
 * The report is hours behind: a token that we read back as active counts beside it, until a report that must know of it
 * says otherwise. It is a second factor, and resists no phishing. `tokens`: when the tenant last showed it, by person.
 */
export function withRegisteredTokens<T extends ReportRow>(
  rows: readonly T[],
  tokens: ReadonlyMap<string, number>,
  lagMs: number,
): T[] {
  return rows.map((row) => {
    const at = tokens.get(row.id)
    if (at === undefined || isKnownBy(row, at, lagMs)) return row
    const methodsRegistered = [...new Set([...(row.methodsRegistered ?? []), METHOD])]
    return { ...row, isMfaCapable: true, methodsRegistered }
  })
}
