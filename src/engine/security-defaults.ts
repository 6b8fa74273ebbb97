import type { Ask } from '../graph/directory/ask.ts'
import { GraphFailure } from '../graph/errors.ts'
import { type Finding, finding } from '../methods/policy-finding.ts'
import { assignWaves } from '../people/cohort.ts'
import type { CompiledPlan } from '../plan/compiled-plan.ts'
import type { RolloutFinding } from '../store/rollouts.ts'
import { readPopulation } from './population.ts'
import type { World } from './world.ts'

export const SECURITY_DEFAULTS_OFF = 'securityDefaultsOff'

export interface SecurityDefaults {
  isOn: boolean
  /** While they are on: who would be bare without them, in words. */
  says: string
}

/** Whether security defaults are on; if so, whom they alone protect. Reads only. */
export async function readSecurityDefaults(
  world: World,
  plan: CompiledPlan,
  ask: Ask,
): Promise<SecurityDefaults> {
  const { isEnabled } = await world.directory.readSecurityDefaults(ask)
  return { isOn: isEnabled, says: isEnabled ? await sayBare(world, plan, ask) : '' }
}

async function sayBare(world: World, plan: CompiledPlan, ask: Ask): Promise<string> {
  const isMember = (one: { accountEnabled: boolean | null; userType: string | null }) =>
    one.accountEnabled === true && one.userType !== 'Guest'
  try {
    const { people, groups } = await readPopulation(world, plan, ask)
    const members = new Set(people.filter(isMember).map((person) => person.id))
    const outside = assignWaves(plan, people, groups).outside.filter(({ id }) => members.has(id)).length
    return `Without them ${members.size} enabled members would be bare until their wave has come; ${outside} of these are in no wave of this plan.`
  } catch (error) {
    if (!(error instanceof GraphFailure) || error.kind !== 'licence') throw error
    const members = (await world.directory.listUsers(ask)).filter(isMember).length
    return `Without them ${members} enabled members would be bare until their wave has come; how many of these are in no wave of this plan is not known, since the registration report is not to be had.`
  }
}

/** What keeps the policies from going on: the defaults are on, or went off after we saw them on and nobody took that. */
export function securityDefaultsFindings(
  defaults: SecurityDefaults,
  known: readonly RolloutFinding[],
): Finding[] {
  if (defaults.isOn) return [securityDefaultsOn(defaults.says)]
  const open = known.find((one) => one.finding === SECURITY_DEFAULTS_OFF && one.accepted === null)
  if (!open) return []
  const hint = `An approver who did not ask for the rollout accepts it by name (accept ${SECURITY_DEFAULTS_OFF}); or switch them on again.`
  const message = `Security defaults were on and are off now: whoever has no wave behind them yet is bare. ${open.says}`
  return [finding('securityDefaultsOff', message, hint)]
}

/** On the record once they have been seen on: that they are off later is then to be accepted, each time anew. */
export function withSecurityDefaults(
  known: readonly RolloutFinding[],
  defaults: SecurityDefaults,
  at: number,
): RolloutFinding[] {
  if (!defaults.isOn) return [...known]
  const before = known.find((one) => one.finding === SECURITY_DEFAULTS_OFF)
  const since = before?.accepted === null ? before.since : at
  const others = known.filter((one) => one !== before)
  return [...others, { finding: SECURITY_DEFAULTS_OFF, since, says: defaults.says, accepted: null }]
}

/** Reads, records, and answers with what keeps the policies off. */
export async function checkSecurityDefaults(
  world: World,
  rolloutId: string,
  plan: CompiledPlan,
  ask: Ask,
): Promise<Finding[]> {
  const defaults = await readSecurityDefaults(world, plan, ask)
  return await world.store.tx(async (writer) => {
    const known = (await writer.rollout(rolloutId))?.findings ?? []
    const findings = withSecurityDefaults(known, defaults, world.clock.now())
    if (JSON.stringify(findings) !== JSON.stringify(known)) await writer.setFindings(rolloutId, findings)
    return securityDefaultsFindings(defaults, findings)
  })
}

function securityDefaultsOn(says: string): Finding {
  const hint =
    'Entra enables no Conditional Access policy beside them. Turn them off yourself when you know who is bare then; wavegate never does.'
  return finding('securityDefaultsOn', `Security defaults are on in this tenant. ${says}`, hint)
}
