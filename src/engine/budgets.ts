import { breathe } from '../clock/breathe.ts'
import { failedChangesGate, lockedOutGate } from '../gates/budget-gate.ts'
import { coverageOf } from '../gates/coverage.ts'
import type { GateResult } from '../gates/gate-result.ts'
import { type LockOut, lockOut } from '../gates/lock-out.ts'
import type { SignIn } from '../gates/sign-in.ts'
import { givenUpBy } from '../people/answered.ts'
import { asPresentPolicy } from './former-policies.ts'
import { demandOf, type WaveJob } from './job.ts'
import { inParts } from './side-by-side.ts'
import type { World } from './world.ts'

export interface PersonEvidence extends LockOut {
  personId: string
  /** When the person was in place. */
  since: number
}

/** Positions of a wave looked at in one statement, and people judged, before others have their turn. */
const POSITIONS = 2_000
const PEOPLE = 100

/** What the sign-in log says of those in the wave whom our policy covers, since each was in place. Of others it is silent. */
export async function readPeople(world: World, waveId: string, policyId: string): Promise<PersonEvidence[]> {
  const { clock, declared } = world
  const { read } = world.store
  const first = await read.firstInPlace(waveId)
  const wave = await read.wave(waveId)
  if (first === null || !wave) return []
  const since = first - declared.habitMs
  const asOurs = await asPresentPolicy(read, wave.rolloutId, policyId)
  const known = await read.habitsKnown(waveId)
  const end = await read.positionsOf(waveId)
  const found: PersonEvidence[] = []
  for (let from = 0; from < end; from += POSITIONS) {
    const heard = await read.heardOf(waveId, since, from, from + POSITIONS)
    await breathe(clock)
    for (const people of inParts(heard, PEOPLE)) {
      const ids = people.map(({ personId }) => personId)
      const rows = await read.signInsOf(ids, since)
      const questions = await read.questionsAmong(ids)
      for (const { personId, inPlaceAt, isOut } of people) {
        const signIns = (rows.get(personId) ?? []).map((row) => asOurs(row as SignIn))
        const knowsHabits = known.has(personId)
        const judged = { rows: signIns, policyId, since: inPlaceAt, now: clock.now(), times: declared }
        const givenUp = givenUpBy(questions.get(personId) ?? [], clock.now())
        const heard = lockOut({ ...judged, knowsHabits, givenUp })
        const lockedOutNow = heard.lockedOutNow && !isOut
        found.push({ personId, since: inPlaceAt, ...heard, lockedOutNow })
      }
      await breathe(clock)
    }
  }
  return found
}

/** How old the last reading of the log may be before it counts as missing. */
export function staleAfter(world: World): number {
  return world.times.intakeMs * 3
}

/** The two budgets of a wave: people locked out by our change, and changes that failed. */
export async function readBudgets(
  world: World,
  job: Pick<WaveJob, 'rollout' | 'wave' | 'planned'>,
  known: { people?: readonly PersonEvidence[]; freshSince?: number | undefined } = {},
): Promise<GateResult[]> {
  const { store, clock } = world
  const now = clock.now()
  const rollout = await store.read.rollout(job.rollout.id)
  const demand = demandOf(rollout ?? job.rollout, job.planned)
  const wave = await store.read.wave(job.wave.id)
  const counts = await store.read.counts(job.wave.id)
  const members = counts.tried
  const since = wave?.enforcingAt ?? now
  const readings = await store.read.intakesSince(since - world.declared.settlingMs)
  const last = readings.find((reading) => reading.outcome === 'read')
  const people = known.people ?? (demand === null ? [] : await readPeople(world, job.wave.id, demand))
  const { lockedOut, failedChanges } = job.planned.gates.budget
  const nextEvaluation = now + world.times.intakeMs
  return [
    lockedOutGate({
      budget: lockedOut,
      members,
      people,
      coverage: coverageOf(readings, since, now, staleAfter(world)),
      window: last ? { from: since, to: last.to } : null,
      ...(known.freshSince === undefined ? {} : { freshSince: known.freshSince }),
      asked: { source: 'sign-in log', fetchedAt: last?.fetchedAt ?? null, nextEvaluation },
    }),
    failedChangesGate({
      budget: failedChanges,
      members,
      failed: counts.failed,
      pending: counts.pending + counts.unknown,
      asked: { source: 'ledger', fetchedAt: now, nextEvaluation },
    }),
  ]
}
