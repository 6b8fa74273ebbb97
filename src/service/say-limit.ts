import type { LimitUse } from '../engine/call-estimate.ts'
import type { Bucket } from '../graph/limits.ts'
import { sayDuration } from '../plan/units.ts'

/** A limit of Microsoft's in words. */
export function sayLimit({ bucket, ceiling, windowMs }: LimitUse): string {
  return `${NAMES[bucket]}: ${ceiling.toLocaleString('en')} ${UNITS[bucket] ?? 'calls'} in ${sayDuration(windowMs)}`
}

const NAMES: Record<Bucket, string> = {
  identityReads: 'the directory, reading',
  identityWrites: 'the directory, writing',
  reports: 'reports, sign-in log and what a person can sign in by',
  conditionalAccess: 'Conditional Access',
  signInActivity: 'last sign-ins',
  outlook: 'the mailbox that sends',
}

const UNITS: Partial<Record<Bucket, string>> = { identityReads: 'resource units' }
