/**
 * Entra sign-in error codes and what they mean for the person who met them.
 * Source: reference-error-codes.md of Microsoft's identity platform docs (2024-04-24) unless noted;
 * Microsoft may change codes, `https://login.microsoftonline.com/error?code=N` tells of any.
 */
export type CodeMeaning =
  | 'mfaInterrupt'
  | 'otherInterrupt'
  | 'policyBlock'
  | 'registrationBlock'
  | 'mfaFailure'
  | 'provider'
  | 'password'
  | 'noise'

type CodeRow = { code: number; means: CodeMeaning; name: string }

export const ERROR_CODES: readonly CodeRow[] = [
  { code: 50072, means: 'mfaInterrupt', name: 'must enrol a second factor' },
  { code: 50074, means: 'mfaInterrupt', name: 'MFA needed, challenge not passed' },
  { code: 50076, means: 'mfaInterrupt', name: 'MFA needed after a change of configuration or place' },
  { code: 50079, means: 'mfaInterrupt', name: 'must register a second factor' },
  { code: 50078, means: 'otherInterrupt', name: 'earlier MFA expired by policy' },
  { code: 50158, means: 'otherInterrupt', name: 'external challenge not satisfied' },
  { code: 50097, means: 'otherInterrupt', name: 'device authentication required' },
  { code: 50125, means: 'otherInterrupt', name: 'password reset registration' },
  { code: 50140, means: 'otherInterrupt', name: 'stay signed in?' },
  { code: 50199, means: 'otherInterrupt', name: 'confirm the app' },
  { code: 50168, means: 'otherInterrupt', name: 'single sign-on extension' },
  { code: 50058, means: 'otherInterrupt', name: 'no session' },
  { code: 50055, means: 'otherInterrupt', name: 'password expired' },
  { code: 70043, means: 'otherInterrupt', name: 'sign-in frequency' },
  { code: 50173, means: 'otherInterrupt', name: 'grant revoked' },
  { code: 50133, means: 'otherInterrupt', name: 'session revoked' },
  { code: 50132, means: 'otherInterrupt', name: 'session revoked' },
  { code: 700082, means: 'otherInterrupt', name: 'token expired of disuse' },
  { code: 70008, means: 'otherInterrupt', name: 'grant expired' },
  // Not in Microsoft's table; meaning from field reports.
  { code: 500121, means: 'mfaFailure', name: 'strong authentication failed' },
  { code: 50086, means: 'mfaFailure', name: 'strong authentication failed for good' },
  { code: 50087, means: 'provider', name: 'passing trouble of strong authentication' },
  { code: 50088, means: 'provider', name: 'limit on telecom MFA calls reached' },
  { code: 50161, means: 'provider', name: 'external provider misconfigured' },
  { code: 50166, means: 'provider', name: 'external provider throttled' },
  { code: 53003, means: 'policyBlock', name: 'blocked by Conditional Access' },
  { code: 530032, means: 'policyBlock', name: 'blocked by Conditional Access on a security policy' },
  { code: 530035, means: 'policyBlock', name: 'blocked by security defaults' },
  { code: 50131, means: 'policyBlock', name: 'Conditional Access failed' },
  { code: 53000, means: 'policyBlock', name: 'device not compliant' },
  { code: 53001, means: 'policyBlock', name: 'device not joined' },
  { code: 53002, means: 'policyBlock', name: 'app not approved' },
  { code: 53011, means: 'policyBlock', name: 'blocked for risk in the home tenant' },
  { code: 53004, means: 'registrationBlock', name: 'must register, and risk blocks it' },
  { code: 53010, means: 'registrationBlock', name: 'registration only from certain places or devices' },
  { code: 50126, means: 'password', name: 'wrong name or password' },
  { code: 50053, means: 'password', name: 'account locked' },
  { code: 50057, means: 'password', name: 'account disabled' },
  { code: 50034, means: 'password', name: 'no such account' },
  { code: 50064, means: 'password', name: 'credentials not valid' },
  { code: 50144, means: 'password', name: 'password expired in the directory' },
  { code: 50089, means: 'noise', name: 'flow token expired' },
  { code: 50196, means: 'noise', name: 'loop of requests' },
  // Microsoft's reports FAQ: an internal retry, not a failure of the person.
  { code: 90025, means: 'noise', name: 'internal retry' },
]

const MEANING = new Map(ERROR_CODES.map((row) => [row.code, row.means]))

/** What a code means, or nothing when the table does not know it. */
export function meaningOf(code: number): CodeMeaning | undefined {
  return MEANING.get(code)
}

const NAME = new Map(ERROR_CODES.map((row) => [row.code, row.name]))

/** A code for a person to read; one that the table does not know stands as its number. */
export function codeInWords(code: number): string {
  if (code === 0) return 'signed in'
  return NAME.has(code) ? `${NAME.get(code)} (${code})` : `AADSTS${code}`
}
