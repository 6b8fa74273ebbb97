import type { AppliedConditionalAccessPolicy } from '@microsoft/microsoft-graph-types'
import type { Method, Person } from '../people/person.ts'
import type { Provider } from './asked.ts'
import type { Client } from './client.ts'
import type { Place } from './place.ts'

/** A line of the sign-in log, kept small; its body is made when somebody asks. */
export interface SignInRow {
  /** Its number; rows are numbered in the order of their times. */
  number: number
  at: number
  /** When the log first shows it. */
  shownAt: number
  /** Until then the row lacks the outcome of Conditional Access; 0 when it was right from the start. */
  correctedAt: number
  /** Until then beta's `authenticationDetails` of the row are wrong; 0 when they were right from the start. */
  detailsCorrectedAt: number
  /** The log holds the row twice, under one id. */
  twice: boolean
  person: Person
  client: Client
  place: Place
  code: number
  details: string
  applied: readonly AppliedConditionalAccessPolicy[]
  conditionalAccess: 'success' | 'failure' | 'notApplied'
  /** Who asked for a second factor. */
  providers: readonly Provider[]
  /** The second factor, where one was asked for. */
  factor: Method | null
  /** Numbers the person's tries; the rows of one try share it. Those of strangers are below 0. */
  try: number
}

// Texts as the log shows them, reference/graph.md §5.
export const FAILURE_REASONS: Readonly<Record<number, string>> = {
  0: 'Other.',
  50053:
    'The account is locked, you have tried to sign in too many times with an incorrect user ID or password.',
  50057: 'User account is disabled.',
  50072: 'User needs to enroll for second factor authentication (interactive).',
  50074: 'Strong Authentication is required.',
  50076:
    'Due to a configuration change made by your administrator, or because you moved to a new location, you must use multi-factor authentication to access.',
  50079: 'User needs to enroll for second factor authentication.',
  50126: 'Invalid username or password or Invalid on-premise username or password.',
  53003: 'Access has been blocked due to conditional access policies.',
  500121: 'Authentication failed during strong authentication request.',
  530035: 'Access has been blocked by security defaults.',
}
