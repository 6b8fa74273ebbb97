import type { Ask } from '../graph/directory/ask.ts'
import { isFailure } from '../graph/errors.ts'
import { type Finding, finding } from '../methods/policy-switch.ts'
import type { CompiledPlan } from '../plan/compiled-plan.ts'
import type { World } from './world.ts'

export interface Protection {
  /** Object ids of everybody whom nothing of ours may touch. */
  people: Set<string>
  emergencyIds: string[]
  groupIds: string[]
  findings: Finding[]
}

/** Who is protected, read from the tenant now: at the start, and again at the moment of each write. */
export async function readProtection(
  world: World,
  plan: { protect: Pick<CompiledPlan['protect'], 'emergencyAccounts' | 'groups'> },
  ask: Ask,
): Promise<Protection> {
  const protection: Protection = { people: new Set(), emergencyIds: [], groupIds: [], findings: [] }
  for (const account of plan.protect.emergencyAccounts) await addEmergency(world, account, ask, protection)
  for (const group of plan.protect.groups) await addGroup(world, group, ask, protection)
  return protection
}

async function addEmergency(world: World, account: string, ask: Ask, into: Protection): Promise<void> {
  try {
    const user = await world.directory.readUser(account, ask)
    into.people.add(user.id)
    into.emergencyIds.push(user.id)
    if (!user.accountEnabled) {
      const hint = 'Enable it, or name another account: it is the way back in.'
      into.findings.push(finding('emergencyAccount', `The emergency account ${account} is disabled.`, hint))
    }
  } catch (error) {
    if (!isFailure(error, 'notFound')) throw error
    const hint = 'Correct protect.emergencyAccounts: an account that does not exist protects nobody.'
    into.findings.push(finding('emergencyAccount', `There is no emergency account ${account}.`, hint))
  }
}

async function addGroup(world: World, group: string, ask: Ask, into: Protection): Promise<void> {
  const resolved = await world.directory.resolveGroup(group, ask)
  if (resolved.found !== 'one') {
    const message = `The protected group ${group} ${resolved.found === 'none' ? 'does not exist' : 'is not unique'}.`
    into.findings.push(finding('planNoLongerFits', message, 'Name it by its object id in protect.groups.'))
    return
  }
  into.groupIds.push(resolved.group.id)
  for (const id of await world.directory.listTransitiveUsers(resolved.group.id, ask)) into.people.add(id)
}
