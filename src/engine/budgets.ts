import { failedChangesGate, lockedOutGate } from '../gates/budget-gate.ts'
import { coverageOf } from '../gates/coverage.ts'
import type { GateResult } from '../gates/gate-result.ts'
import { type LockOut, lockOut } from '../gates/lock-out.ts'
import type { SignIn } from '../gates/sign-in.ts'
import type { Member } from '../store/members.ts'
import { asPresentPolicy } from './former-policies.ts'
import { demandOf, type WaveJob } from './job.ts'
import type { World } from './world.ts'

export interface PersonEvidence extends LockOut {
  personId: string
  /** When the person was in place. */
  since: number
}

/** What the sign-in log says of everybody in the wave whom our policy covers, since each was in place. */
export async function readPeople(world: World, waveId: string, policyId: string): Promise<PersonEvidence[]> {
  const covered = (await world.store.read.membersOf(waveId)).filter(isCovered)
  const first = Math.min(...covered.map((member) => member.inPlaceAt ?? Number.POSITIVE_INFINITY))
  if (covered.length === 0) return []
  const asOurs = await asPresentPolicy(world.store.read, covered[0]?.rolloutId ?? '', policyId)
  const rows = new Map<string, SignIn[]>()
  const since = first - world.declared.habitMs
  const known = await world.store.read.habitsKnown(waveId)
  for (const { personId, row } of await world.store.read.signInsOfWave(waveId, since)) {
    const list = rows.get(personId) ?? []
    list.push(asOurs(row as SignIn))
    rows.set(personId, list)
  }
  return covered.map((member) => ({
    personId: member.personId,
    since: member.inPlaceAt ?? 0,
    ...lockOut({
      rows: rows.get(member.personId) ?? [],
      policyId,
      since: member.inPlaceAt ?? 0,
      now: world.clock.now(),
      times: world.declared,
      knowsHabits: known.has(member.personId),
    }),
  }))
}

function isCovered(member: Member): boolean {
  return member.inPlaceAt !== null && (member.outcome === 'done' || member.outcome === 'already')
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
  const demand = demandOf(rollout ?? job.rollout)
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
