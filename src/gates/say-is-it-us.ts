import type { IsItUs, Untold } from './is-it-us.ts'

/** The answer to "is it us?" for the help desk: a sentence, and what to do. */
export function sayIsItUs(found: IsItUs): { says: string; remedy: string } {
  return { says: sentence(found), remedy: remedyOf(found) }
}

function sentence(found: IsItUs): string {
  if (found.by === 'unknown') return `It cannot be told: ${whyInWords(found.why ?? 'nobodyNamed')}.`
  const seen = found.line ? ` The log says: ${found.line.says}.` : ''
  if (found.by === 'nobody')
    return `No: the last sign-in went through, and nobody asked for a second factor.${seen}`
  const did = found.outcome === 'asked' ? 'asked for a second factor, and it was given' : DID[found.by]
  return `${found.isUs ? 'Yes' : 'No'}: ${who(found)} ${did}.${seen}`
}

const DID = {
  ours: 'asked for a second factor that was not given',
  otherPolicy: 'turned the sign-in away',
  perUserMfa: 'asked for a second factor that was not given',
  securityDefaults: 'turned the sign-in away',
  microsoft: 'demands a second factor that was not given',
  password: 'was wrong, or the account is locked or disabled',
  provider: 'had trouble',
} as const

function who({ by, policy, place }: IsItUs): string {
  switch (by) {
    case 'ours':
      return 'our change'
    case 'otherPolicy':
      return policy ? `another policy, ${policy.name ?? policy.id},` : 'another policy of the tenant'
    case 'perUserMfa':
      return 'per-user MFA, which stood before us,'
    case 'securityDefaults':
      return 'security defaults'
    case 'microsoft':
      return place ? `Microsoft itself, at ${place},` : 'Microsoft itself'
    case 'password':
      return 'the name or the password'
    case 'provider':
      return 'the service that sends the second factor'
    case 'nobody':
    case 'unknown':
      return 'nobody known'
    default:
      return by satisfies never
  }
}

function remedyOf({ by, outcome, why }: IsItUs): string {
  if (by !== 'unknown' && outcome !== 'refused') return 'Nothing is in the way by what the log shows.'
  switch (by) {
    case 'ours':
      return 'Help the person with the second factor, or take them out: `rollback` of this person.'
    case 'otherPolicy':
      return 'Ask whoever owns that policy; taking the person out of our change alters nothing.'
    case 'perUserMfa':
      return 'Help the person with the second factor; taking them out of our change alters nothing.'
    case 'securityDefaults':
      return 'An old mail client or device is refused by security defaults; use a modern one.'
    case 'microsoft':
      return 'No policy of the tenant can lift this; the person needs a second factor there.'
    case 'password':
      return 'Reset the password or unlock the account; it has nothing to do with MFA.'
    case 'provider':
      return 'Wait, and look at Microsoft’s service health; the person can do nothing.'
    case 'nobody':
      return 'Nothing is in the way by what the log shows.'
    case 'unknown':
      return why === null ? '' : REMEDY_OF_UNTOLD[why]
    default:
      return by satisfies never
  }
}

function whyInWords(why: Untold): string {
  switch (why) {
    case 'noRecord':
      return 'no sign-in of this person since the change has been seen'
    case 'licence':
      return 'the sign-in log cannot be read without Entra ID P1'
    case 'readFailed':
      return 'the sign-in log could not be read the last time'
    case 'notYetRead':
      return 'the sign-in log has not been read for this person; it is read from the change on'
    case 'policiesWithheld':
      return 'the log withholds which policies applied, or has not settled yet'
    case 'codeUnknown':
      return 'the log gives a code that this build does not know'
    case 'nobodyNamed':
      return 'the log names nobody who asked'
    default:
      return why satisfies never
  }
}

const REMEDY_OF_UNTOLD: Readonly<Record<Untold, string>> = {
  noRecord: 'Ask the person to try once more; rows take minutes to two hours to show.',
  licence: 'Look the person up in the Entra admin centre.',
  readFailed: 'Look at `wavegate doctor`; try again in a few minutes.',
  notYetRead: 'Look the person up in the Entra admin centre.',
  policiesWithheld: 'Look again in two hours; the application needs Policy.Read.All to see policies.',
  codeUnknown: 'Microsoft explains any code at login.microsoftonline.com/error?code=N.',
  nobodyNamed: 'Look the person’s sign-in up in the Entra admin centre.',
}
