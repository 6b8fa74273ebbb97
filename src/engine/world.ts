import type { Clock } from '../clock/clock.ts'
import type { DeclaredTimes } from '../gates/declared-times.ts'
import type { AppIdentity } from '../graph/app-identity.ts'
import type { Directory } from '../graph/directory/directory.ts'
import type { ClockReading } from '../graph/graph-clock.ts'
import type { MicrosoftDates } from '../people/microsoft-dates.ts'
import type { Store } from '../store/store.ts'
import type { KindsOfPreparation } from './preparations.ts'
import type { SecretBox } from './secret-box.ts'

/** How often the engine looks, milliseconds. Not Microsoft's times: ours. */
export interface EngineTimes {
  /** Until an undecided gate or an unknown outcome is looked at again. */
  recheckMs: number
  /** Between two readings of the sign-in log while a wave is under way. */
  intakeMs: number
  /** Between two looks for what another hand changed, while the rollout runs. */
  driftMs: number
  /** The same when it has ended and can still be taken back. */
  driftAfterMs: number
  /** Until a first sight is looked at again: a directory shows changes late. */
  driftConfirmMs: number
  /** First pause of a read-back; doubles up to `readBackLongestMs`. */
  readBackFirstMs: number
  readBackLongestMs: number
  /** How far back the sign-ins of a wave that is being judged are read. */
  lookBackMs: number
  /** How long an answer about a rollback waits to learn who holds a directory role. */
  rolesPatienceMs: number
}

export const ENGINE_TIMES: EngineTimes = {
  recheckMs: 15 * 60_000,
  intakeMs: 30 * 60_000,
  driftMs: 60 * 60_000,
  driftAfterMs: 12 * 60 * 60_000,
  driftConfirmMs: 2 * 60_000,
  readBackFirstMs: 2_000,
  readBackLongestMs: 60_000,
  lookBackMs: 7 * 86_400_000,
  // More than one window of the limit that the report has.
  rolesPatienceMs: 15_000,
}

/** Conditional Access policies a tenant may have. Microsoft’s page has said 195, and 240 since. */
export const MOST_POLICIES = 195

export interface Log {
  info(fields: Record<string, unknown>, message: string): void
  warn(fields: Record<string, unknown>, message: string): void
  error(fields: Record<string, unknown>, message: string): void
}

/** What the engine's parts work with. */
export interface World {
  clock: Clock
  store: Store
  directory: Directory
  /** Graph's clock against ours, as the latest answer showed it. */
  graphClock(): ClockReading | null
  /** Who we are to Graph, and what we may do there. @throws GraphFailure */
  identity(): Promise<AppIdentity>
  declared: DeclaredTimes
  times: EngineTimes
  /** This installation's name, as its mark in the policy's description says. */
  installation: string
  /** Conditional Access policies the tenant may have, in every state. */
  mostPolicies: number
  /** What can be done to people before the switch, where the plan asks for it. */
  preparations: KindsOfPreparation
  /** When Microsoft changes what people can sign in by. */
  dates: MicrosoftDates
  /** Seals the secrets of tokens; null: no key was given, and none are taken. */
  secretBox: SecretBox | null
  log: Log
}
