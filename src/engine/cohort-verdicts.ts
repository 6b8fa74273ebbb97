import type { Registration } from '../graph/directory/reports.ts'
import { judgedBy } from '../people/answered.ts'
import { type FailedRead, type PersonFacts, type Source, saySource } from '../people/facts.ts'
import { type CohortReadiness, cohortOf, type StrengthAsked } from '../people/readiness.ts'
import { type ReadinessVerdict, type VerdictInput, verdictOf } from '../people/verdict.ts'
import type { CompiledPlan, CompiledWave } from '../plan/compiled-plan.ts'
import { registrationOf } from './gather-reports.ts'
import { scaleOf } from './scale.ts'
import type { World } from './world.ts'

const OLDEST_FACT = 7 * 86_400_000

/** What the verdict of everybody depends on, beside what is known of each. */
export type Settings = Omit<
  VerdictInput,
  'facts' | 'protectedAs' | 'legacyClient' | 'notAPerson' | 'question'
>

/** `plan` null: any second factor does, and the defaults of a plan hold. */
export function settingsOf(
  world: World,
  plan: Pick<CompiledPlan, 'telephonyProvider' | 'away'>,
  strength?: StrengthAsked,
): Settings {
  return {
    strength,
    dates: world.dates,
    telephonyProvider: plan.telephonyProvider,
    awayAfterMs: plan.away.afterMs,
    oldestMs: OLDEST_FACT * scaleOf(world),
    now: world.clock.now(),
  }
}

/** Sources whose last reading failed, with why. */
export async function failedSources(world: World): Promise<NonNullable<PersonFacts['failed']>> {
  const failed: Partial<Record<Source, FailedRead>> = {}
  for (const { source, state, failedAt, why } of await world.store.read.readings()) {
    if (state === 'failed') failed[source] = { failedAt: failedAt ?? world.clock.now(), why: why ?? '' }
  }
  return failed
}

/** What is missing of everybody, in words: a wave can't be judged by it, and waits. The report is looked at by itself. */
export function sayUnread(failed: NonNullable<PersonFacts['failed']>): string | undefined {
  const [source, one] = (Object.entries(failed) as [Source, FailedRead][]).find(
    ([name]) => name === 'account' || name === 'legacy',
  ) ?? [undefined, undefined]
  return source && `The ${saySource(source)} could not be read: ${one.why}`
}

/** Until when somebody must be able to get through: the pace of the wave, and its soak with the time the log takes. */
export function neededUntil(
  world: World,
  { pace, gates }: Pick<CompiledWave, 'pace' | 'gates'>,
  people: number,
): number {
  const { settlingMs, propagationMs } = world.declared
  const enforcing = Math.ceil(people / pace.people) * pace.perMs
  return world.clock.now() + enforcing + Math.max(gates.soak.forMs, propagationMs) + settlingMs
}

/**
 * A verdict on each of these people, by what is known of them and the rows of a report that was just read. A directory
 * role or being a guest is no verdict here: who goes with which wave was decided before.
 */
export async function verdictsOn(
  world: World,
  ids: readonly string[],
  rows: readonly Registration[],
  settings: Settings,
): Promise<Map<string, ReadinessVerdict>> {
  const byId = new Map(rows.map((row) => [row.id, row]))
  const known = await world.store.read.factsAmong(ids)
  const questions = await world.store.read.questionsAmong(ids)
  const failed = await failedSources(world)
  const { registration: _read, ...others } = failed
  const taken = { administrators: true, guests: true }
  return new Map(
    ids.map((id) => {
      const row = byId.get(id)
      const registration = row ? registrationOf(row, settings.now) : { at: settings.now }
      const facts: PersonFacts = { ...known.get(id), id, registration, failed: others }
      const judged = judgedBy(questions.get(id) ?? [], settings.now)
      return [id, verdictOf({ ...settings, ...judged, facts, taken })]
    }),
  )
}

export async function judgeCohort(
  world: World,
  ids: readonly string[],
  rows: readonly Registration[],
  settings: Settings,
  until: number,
): Promise<CohortReadiness> {
  return cohortOf(await verdictsOn(world, ids, rows, settings), until)
}
