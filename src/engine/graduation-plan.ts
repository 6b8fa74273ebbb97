import type { Ask } from '../graph/directory/ask.ts'
import { type Finding, finding, policyFindings } from '../methods/policy-switch.ts'
import type { PolicyWanted } from '../methods/policy-template.ts'
import { type Graduation, graduationOf } from '../people/graduation.ts'
import type { StoredRollout } from '../store/rollouts.ts'
import { acceptedProperties } from './drift-record.ts'
import { planOf } from './job.ts'
import { readPopulation } from './population.ts'
import { type Protection, readProtection } from './protection.ts'
import type { World } from './world.ts'

export interface GraduationPlan extends Graduation {
  findings: Finding[]
  protection: Protection
}

/** The policy of a graduated rollout as it has to be: about everybody but the protected, guests and the exceptions. */
export function wideWanted(
  world: World,
  policyId: string,
  protection: Protection,
  exceptionsId: string,
): PolicyWanted {
  return {
    name: policyId,
    groupId: null,
    excludedPeople: protection.emergencyIds,
    excludedGroups: [...protection.groupIds, exceptionsId],
    mark: world.installation,
  }
}

/** Whom a policy for all users would catch, and who has to stay out; and what stands against it. Reads only. */
export async function readGraduation(
  world: World,
  rollout: StoredRollout,
  approved: ReadonlySet<string> | null,
  ask: Ask,
): Promise<GraduationPlan> {
  const plan = planOf(rollout)
  const protection = await readProtection(world, plan, ask)
  const { people } = await readPopulation(world, plan, ask)
  const inGroup = await world.directory.listMembers(rollout.groupId ?? '', ask)
  const members = await world.store.read.membersOfRollout(rollout.id)
  const found = graduationOf({
    people,
    guarded: protection.people,
    inGroup: new Set(inGroup.map((member) => member.id)),
    // Whom an earlier graduation caught or left out is looked at anew, but for those a person took back.
    members: members.filter((member) => member.waveId !== '' || member.deferred === 'rolledBack'),
    approved,
  })
  const findings = [...protection.findings, ...(await policyProblems(world, rollout, protection, ask))]
  return { ...found, findings, protection }
}

async function policyProblems(
  world: World,
  rollout: StoredRollout,
  protection: Protection,
  ask: Ask,
): Promise<Finding[]> {
  const policyId = rollout.policyId ?? ''
  const graduation = await world.store.read.graduation(rollout.id)
  const policy = await world.directory.readPolicy(policyId, ask)
  const accepted = (await acceptedProperties(world.store.read, rollout.id)) ?? {}
  const narrow: PolicyWanted = {
    name: policyId,
    groupId: rollout.groupId,
    accepted,
    excludedPeople: protection.emergencyIds,
    excludedGroups: protection.groupIds,
    mark: world.installation,
  }
  const isBegun = graduation?.wideAt != null && graduation.groupId !== null
  const asGroup = policyFindings(policy, narrow)
  const differs =
    isBegun && asGroup.length > 0
      ? policyFindings(policy, {
          ...wideWanted(world, policyId, protection, graduation.groupId as string),
          accepted,
        })
      : asGroup
  if (policy.state === 'enabled') return differs
  const hint = 'Switch it on again, with rearm if it was disarmed; or roll the rollout back.'
  return [...differs, finding('policyTurnedOff', `The policy ${policy.displayName} is not on.`, hint)]
}
