/** What was read, or why it could not be. */
export type Known<T> = { value: T } | { why: string }

/** An emergency account as the tenant shows it. */
export interface EmergencyFacts {
  upn: string
  isSynced: Known<boolean>
  /** Kinds of methods it has registered. */
  methods: Known<readonly string[]>
  /** Global Administrator of the whole tenant; `forHours`: only when it takes the role on. */
  administrator: Known<'always' | 'forHours' | 'no'>
  /** null: never, as far as Entra knows. */
  lastSignIn: Known<number | null>
}

export const EMERGENCY_PROOFS = [
  'cloudOnly',
  'initialDomain',
  'key',
  'globalAdministrator',
  'signedIn',
] as const
export type EmergencyProof = (typeof EMERGENCY_PROOFS)[number]

export interface EmergencyVerdict {
  proof: EmergencyProof
  /** `unknown`: it may be so, and nothing shows it. */
  is: 'proven' | 'missing' | 'unknown'
  says: string
}

const DAY = 86_400_000

/** What Microsoft recommends of an emergency account, and whether this one is seen to be so. */
export function judgeEmergency(
  facts: EmergencyFacts,
  now: number,
  signInWithinMs: number,
): EmergencyVerdict[] {
  const { upn, isSynced, methods, administrator, lastSignIn } = facts
  return [
    judged('cloudOnly', isSynced, (synced) =>
      synced
        ? ['missing', 'comes from on-premises: it fails with the synchronisation']
        : ['proven', 'lives in the cloud only'],
    ),
    /\.onmicrosoft\.com$/i.test(upn)
      ? verdict('initialDomain', 'proven', 'is of the tenant’s own onmicrosoft.com domain')
      : verdict('initialDomain', 'missing', 'is not of an onmicrosoft.com domain: it fails with that domain'),
    judged('key', methods, (kinds) => judgeKey(kinds)),
    judged('globalAdministrator', administrator, (held) => {
      if (held === 'always') return ['proven', 'holds Global Administrator for good']
      if (held === 'no') return ['missing', 'does not hold Global Administrator itself']
      return ['missing', 'may only take Global Administrator on for some hours']
    }),
    judged('signedIn', lastSignIn, (at) => judgeSignIn(at, now, signInWithinMs)),
  ]
}

type Judgement = [EmergencyVerdict['is'], string]

function judgeKey(kinds: readonly string[]): Judgement {
  const key = kinds.find((kind) => /^fido2$|x509|certificate/i.test(kind))
  if (key) return ['proven', `holds a ${key === 'fido2' ? 'passkey (FIDO2)' : 'certificate'}`]
  return [
    'unknown',
    'shows no passkey (FIDO2); whether it holds a certificate, its list of methods does not tell',
  ]
}

function judgeSignIn(at: number | null, now: number, within: number): Judgement {
  const asked = `${Math.round(within / DAY)} days are allowed`
  if (at === null) return ['missing', `has never signed in, as far as Entra knows; ${asked}`]
  const days = Math.max(0, Math.floor((now - at) / DAY))
  const ago = days === 0 ? 'today' : days === 1 ? 'a day ago' : `${days} days ago`
  return now - at <= within ? ['proven', `signed in ${ago}`] : ['missing', `signed in last ${ago}; ${asked}`]
}

const UNREAD: Record<EmergencyProof, string> = {
  cloudOnly: 'does not show where it comes from',
  initialDomain: 'does not show its domain',
  key: 'does not show what it has registered',
  globalAdministrator: 'does not show its roles',
  signedIn: 'does not show when it last signed in',
}

function judged<T>(proof: EmergencyProof, known: Known<T>, judge: (value: T) => Judgement): EmergencyVerdict {
  if ('why' in known) return verdict(proof, 'unknown', `${UNREAD[proof]}: ${known.why}`)
  return verdict(proof, ...judge(known.value))
}

function verdict(proof: EmergencyProof, is: EmergencyVerdict['is'], says: string): EmergencyVerdict {
  return { proof, is, says }
}
