import type { Ask } from '../graph/directory/ask.ts'
import { type Finding, inspectGroup } from '../methods/policy-switch.ts'
import type { Person } from '../people/person.ts'
import type { CompiledPlan } from '../plan/compiled-plan.ts'
import { readPopulation } from './population.ts'
import { type Protection, readProtection } from './protection.ts'
import { readHolders } from './role-holders.ts'
import type { World } from './world.ts'

/** Somebody who is in the group already. */
export interface Found {
  personId: string
  upn: string
  displayName: string
  department: string | null
  /** Why this person cannot be adopted, after "… "; null: can be. */
  barred: string | null
}

/** Who is in the group that a plan names, whoever put them there. Reads only. */
export async function readGroupPeople(
  world: World,
  plan: CompiledPlan,
  ask: Ask,
): Promise<{ groupId: string | null; people: Found[]; findings: Finding[] }> {
  const protection = await readProtection(world, plan, ask)
  const { group, members, findings } = await inspectGroup(
    world.directory,
    plan.enforce.group,
    world.installation,
    ask,
  )
  const found = [...protection.findings, ...findings]
  if (!group) return { groupId: null, people: [], findings: found }
  const inGroup = new Set(members)
  const { people } = await readPopulation(world, plan, ask)
  const here = people.filter((person) => inGroup.has(person.id))
  // The report is hours behind and leaves people out; whoever it does not tell of is looked for among the roles.
  const isAsked = here.some((person) => person.isAdmin === undefined)
  const holders = isAsked ? await readHolders(world, ask) : new Set<string>()
  return {
    groupId: group.id,
    people: here
      .map((person): Found => {
        const isAdmin = person.isAdmin ?? holders.has(person.id)
        return { ...nameOf(person), barred: barredBecause({ ...person, isAdmin }, protection) }
      })
      .toSorted((a, b) => (a.upn < b.upn ? -1 : 1)),
    findings: found,
  }
}

function nameOf({ id, upn, displayName, department }: Person): Omit<Found, 'barred'> {
  return { personId: id, upn, displayName, department: department ?? null }
}

function barredBecause(person: Person, { people, emergencyIds }: Protection): string | null {
  if (emergencyIds.includes(person.id)) return 'is an emergency account'
  if (people.has(person.id)) return 'is in a protected group'
  if (person.isAdmin) return 'holds a directory role'
  if (person.userType === 'Guest') return 'is a guest'
  return null
}
