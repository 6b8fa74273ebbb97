import type { Ask } from '../graph/directory/ask.ts'
import { type Finding, finding } from '../methods/policy-finding.ts'
import type { CompiledPlan } from '../plan/compiled-plan.ts'
import type { RolloutFinding } from '../store/rollouts.ts'
import type { WaveJob } from './job.ts'
import { refuse } from './job.ts'
import { type EmergencyAccount, readEmergency } from './read-emergency.ts'
import type { World } from './world.ts'

export const EMERGENCY_UNPROVEN = 'emergencyAccountUnproven'

/** What nothing proves of the emergency accounts: `about` names each, `says` is for people. */
export interface Unproven {
  about: string[]
  says: string
}

export async function readUnproven(world: World, plan: CompiledPlan, ask: Ask): Promise<Unproven> {
  return unprovenOf(await readEmergency(world, plan, ask))
}

/** Accounts that are missing or disabled are refused elsewhere, and nobody can accept that. */
export function unprovenOf(accounts: readonly EmergencyAccount[]): Unproven {
  const open = accounts.flatMap(({ name, upn, verdicts }) => {
    const unproven = verdicts.filter((one) => one.is !== 'proven')
    return upn === undefined || unproven.length === 0 ? [] : [{ name, upn, unproven }]
  })
  return {
    about: open.flatMap(({ name, unproven }) => unproven.map((one) => `${name.toLowerCase()} ${one.proof}`)),
    says: open.map(({ upn, unproven }) => `${upn} ${unproven.map((one) => one.says).join('; ')}.`).join(' '),
  }
}

/** On the record as it is now; what was accepted covers no more than what it was about. */
export function withUnproven(
  known: readonly RolloutFinding[],
  { about, says }: Unproven,
  at: number,
): RolloutFinding[] {
  const before = known.find((one) => one.finding === EMERGENCY_UNPROVEN)
  const others = known.filter((one) => one !== before)
  if (about.length === 0) return before?.accepted ? [...others, before] : others
  const isCovered = before?.accepted != null && about.every((one) => before.about?.includes(one))
  if (before && isCovered) return [...known]
  const since = before?.accepted === null ? before.since : at
  return [...others, { finding: EMERGENCY_UNPROVEN, since, says, about, accepted: null }]
}

export function emergencyFindings(known: readonly RolloutFinding[]): Finding[] {
  const open = known.find((one) => one.finding === EMERGENCY_UNPROVEN && one.accepted === null)
  if (!open) return []
  const hint = `Register a passkey, sign in with each account, and try again; what cannot be shown, an approver who did not ask for the rollout accepts by name and with a reason (accept ${EMERGENCY_UNPROVEN}).`
  const message = `Not proven of the emergency accounts: ${open.says}`
  return [finding('emergencyAccountUnproven', message, hint)]
}

/** Records what is not proven, and answers with what keeps people from being changed. */
export async function recordUnproven(
  world: World,
  rolloutId: string,
  unproven: Unproven,
): Promise<Finding[]> {
  return await world.store.tx(async (writer) => {
    const known = (await writer.rollout(rolloutId))?.findings ?? []
    const findings = withUnproven(known, unproven, world.clock.now())
    if (JSON.stringify(findings) !== JSON.stringify(known)) await writer.setFindings(rolloutId, findings)
    return emergencyFindings(findings)
  })
}

/** For how long a look lets batches go on. */
const GOOD_FOR = 60 * 60_000

// A look, not a state: another process, or this one after a restart, looks anew.
const lastGood = new WeakMap<World, Map<string, number>>()

/**
 * Before the first batch of a wave, and every hour of a long one. Nothing that held is kept in mind: whoever resumes
 * gets a fresh look. @throws Refused
 */
export async function refuseWithoutWayBack(world: World, job: WaveJob, signal: AbortSignal): Promise<void> {
  const looks = lastGood.get(world) ?? new Map<string, number>()
  lastGood.set(world, looks)
  const { id } = job.rollout
  const key = `${job.wave.id} ${job.rollout.planHash}`
  const now = world.clock.now()
  if (now - (looks.get(key) ?? Number.NEGATIVE_INFINITY) < GOOD_FOR) return
  const unproven = await readUnproven(world, job.plan, { lane: 'verify', signal })
  refuse(await recordUnproven(world, id, unproven))
  looks.set(key, now)
}
