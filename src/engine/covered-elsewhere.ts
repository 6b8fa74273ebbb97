import type { Ask } from '../graph/directory/ask.ts'
import type { Policy } from '../graph/directory/policies.ts'
import type { World } from './world.ts'

export interface PolicyCover {
  policy: string
  /** Everybody, but for those in `except`. */
  isEveryone: boolean
  people: ReadonlySet<string>
  except: ReadonlySet<string>
}

/**
 * The enabled Conditional Access policies that demand MFA of people for all applications, with whom they cover.
 * Microsoft warns of per-user MFA where such a policy is in use (howto-mfa-userstates).
 */
export async function readCovers(world: World, ask: Ask): Promise<PolicyCover[]> {
  const covers: PolicyCover[] = []
  for (const policy of await world.directory.listPolicies(ask)) {
    const cover = await readCover(world, policy, ask)
    if (cover) covers.push(cover)
  }
  return covers
}

/** Whom one policy asks for MFA everywhere; undefined: it does not, or is not enabled. */
export async function readCover(world: World, policy: Policy, ask: Ask): Promise<PolicyCover | undefined> {
  const isAsking = policy.state === 'enabled' && demandsMfa(policy)
  return isAsking ? await coverOf(world, policy, ask) : undefined
}

export function covers(cover: PolicyCover, id: string): boolean {
  return (cover.isEveryone || cover.people.has(id)) && !cover.except.has(id)
}

function demandsMfa({ grantControls, conditions }: Policy): boolean {
  const controls = grantControls?.builtInControls ?? []
  const isMfa = controls.includes('mfa') || grantControls?.['authenticationStrength'] != null
  const isRiskOnly = ['signInRiskLevels', 'userRiskLevels'].some(
    (key) => ((conditions[key] as unknown[] | null | undefined) ?? []).length > 0,
  )
  return isMfa && !isRiskOnly && (conditions.applications?.includeApplications ?? []).includes('All')
}

async function coverOf(world: World, policy: Policy, ask: Ask): Promise<PolicyCover> {
  const { users } = policy.conditions
  return {
    policy: policy.displayName,
    isEveryone: (users?.includeUsers ?? []).includes('All'),
    people: await peopleOf(world, users?.includeUsers, users?.includeGroups, ask),
    except: await peopleOf(world, users?.excludeUsers, users?.excludeGroups, ask),
  }
}

async function peopleOf(
  world: World,
  users: readonly string[] | null | undefined,
  groups: readonly string[] | null | undefined,
  ask: Ask,
): Promise<Set<string>> {
  const people = new Set(users ?? [])
  for (const group of groups ?? []) {
    for (const id of await world.directory.listTransitiveUsers(group, ask)) people.add(id)
  }
  return people
}
