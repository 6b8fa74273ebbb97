import type { Ask } from '../graph/directory/ask.ts'
import { GROUP_MEMBERSHIP } from '../methods/group-membership.ts'
import { type Finding, finding, policyFindings } from '../methods/policy-switch.ts'
import type { PolicyDemand, PolicyWanted } from '../methods/policy-template.ts'
import { waitsAsBy } from '../people/answered.ts'
import { type Graduation, graduationOf } from '../people/graduation.ts'
import type { Person } from '../people/person.ts'
import { cohortReadiness, type Readiness, readinessOf } from '../people/readiness.ts'
import type { CompiledPlan } from '../plan/compiled-plan.ts'
import type { Member } from '../store/members.ts'
import type { StoredRollout } from '../store/rollouts.ts'
import { acceptedProperties } from './drift-record.ts'
import { planOf } from './job.ts'
import { readDemand, readStrength, wantedPolicy } from './policy-wanted.ts'
import { readPopulation } from './population.ts'
import { type Protection, readProtection } from './protection.ts'
import { registrationsIfLicensed } from './role-holders.ts'
import type { World } from './world.ts'

export interface GraduationPlan extends Graduation {
  /** Parked by a rollback when this was read. */
  takenBack: ReadonlySet<string>
  findings: Finding[]
  protection: Protection
  demand: PolicyDemand
}

/** The policy of a graduated rollout as it has to be: about everybody but the protected, guests and the exceptions. */
export function wideWanted(
  world: World,
  policyId: string,
  demand: PolicyDemand,
  protection: Protection,
  exceptionsId: string,
): PolicyWanted {
  const { emergencyIds, groupIds } = protection
  return wantedPolicy(world, policyId, null, demand, { emergencyIds, groupIds: [...groupIds, exceptionsId] })
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
  const { demand, findings: unread } = await readDemand(world, plan, ask)
  const { people } = await readPopulation(world, plan, ask)
  const readiness = await readinessBy(world, plan, people, ask)
  const inGroup = await inGroups(world, rollout, ask)
  const members = await world.store.read.membersOfRollout(rollout.id)
  const found = graduationOf({
    people,
    guarded: protection.people,
    inGroup: inGroup,
    // Whom an earlier graduation caught or left out is looked at anew, but for those a person took back.
    members: members.filter((member) => member.waveId !== '' || member.deferred === 'rolledBack'),
    approved,
    readiness,
    setAside: await setAsideAmong(world, people),
  })
  const findings = [
    ...protection.findings,
    ...(unread.length > 0 ? unread : await policyProblems(world, rollout, protection, demand, ask)),
  ]
  return { ...found, takenBack: takenBackAmong(members), findings, protection, demand }
}

/** By open questions, and by answers. */
async function setAsideAmong(world: World, people: readonly Person[]): Promise<Map<string, string>> {
  const questions = await world.store.read.questionsAmong(people.map(({ id }) => id))
  const now = world.clock.now()
  return new Map(
    [...questions].flatMap(([id, asked]): [string, string][] => {
      const waitsAs = waitsAsBy(asked, now)
      return waitsAs === undefined ? [] : [[id, waitsAs]]
    }),
  )
}

export function takenBackAmong(members: readonly Member[]): Set<string> {
  return new Set(members.filter((one) => one.deferred === 'rolledBack').map((one) => one.personId))
}

/**
 * The policy of administrators covers its own group, and is left alone. Nobody watches that group for another hand:
 * whoever has no before-image there is newly caught by this policy, and has to be confirmed by name.
 */
async function inGroups(
  world: World,
  { groupId, adminGroupId }: StoredRollout,
  ask: Ask,
): Promise<Set<string>> {
  const found = new Set<string>()
  for (const id of [groupId, adminGroupId]) {
    if (id === null) continue
    const members = (await world.directory.listMembers(id, ask)).map((member) => member.id)
    const images = await world.store.read.openImages(GROUP_MEMBERSHIP.effect, id, members)
    for (const one of members) if (id === groupId || images.has(one)) found.add(one)
  }
  return found
}

/** By the methods people have, where the plan names a strength. */
async function readinessBy(
  world: World,
  plan: CompiledPlan,
  people: readonly Person[],
  ask: Ask,
): Promise<(person: Person) => Readiness> {
  const { asked } = await readStrength(world, plan, ask)
  if (!asked) return readinessOf
  const rows = (await registrationsIfLicensed(world, ask)) ?? []
  const ids = people.map((person) => person.id)
  const known = new Map(cohortReadiness(ids, rows, asked).map((one) => [one.id, one.readiness]))
  return ({ id }) => known.get(id) ?? 'unknown'
}

async function policyProblems(
  world: World,
  rollout: StoredRollout,
  protection: Protection,
  demand: PolicyDemand,
  ask: Ask,
): Promise<Finding[]> {
  const policyId = rollout.policyId ?? ''
  const graduation = await world.store.read.graduation(rollout.id)
  const policy = await world.directory.readPolicy(policyId, ask)
  const accepted = (await acceptedProperties(world.store.read, rollout.id)) ?? {}
  const narrow = { ...wantedPolicy(world, policyId, rollout.groupId, demand, protection), accepted }
  const isBegun = graduation?.wideAt != null && graduation.groupId !== null
  const asGroup = policyFindings(policy, narrow)
  const differs =
    isBegun && asGroup.length > 0
      ? policyFindings(policy, {
          ...wideWanted(world, policyId, demand, protection, graduation.groupId as string),
          accepted,
        })
      : asGroup
  if (policy.state === 'enabled') return differs
  const hint = 'Switch it on again, with rearm if it was disarmed; or roll the rollout back.'
  return [...differs, finding('policyTurnedOff', `The policy ${policy.displayName} is not on.`, hint)]
}
