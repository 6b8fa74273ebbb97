import type { CompiledPlan } from '../plan/compiled-plan.ts'
import { errorAt, type Finding, type PathStep } from '../plan/problem.ts'
import type { PeopleFile } from './csv-people.ts'
import type { Protected } from './exclusion.ts'
import type { Person } from './person.ts'

/**
 * What the directory says about each group a plan names: all member ids, nested ones too,
 * or that several groups bear the name. An absent entry is a group that does not exist. Beside them the files it
 * names, by digest; an absent one was never uploaded.
 */
export type ResolvedGroups = {
  groups: Readonly<Record<string, readonly string[] | 'ambiguous'>>
  files?: Readonly<Record<string, PeopleFile>>
}

/** Finds people by object id or sign-in name, in any case of letters. */
export type Register = { find(name: string): Person | undefined }

export function registerOf(population: readonly Person[]): Register {
  const byId = new Map(population.map((person) => [person.id.toLowerCase(), person]))
  const byUpn = new Map(population.map((person) => [person.upn.toLowerCase(), person]))
  return {
    find(name) {
      return byId.get(name.toLowerCase()) ?? byUpn.get(name.toLowerCase())
    },
  }
}

/** The members of a group, or a finding when the name leads nowhere or to several groups. */
export function membersOf(
  resolved: ResolvedGroups,
  group: string,
  path: PathStep[],
  findings: Finding[],
): readonly string[] {
  const members = Object.hasOwn(resolved.groups, group) ? resolved.groups[group] : undefined
  if (members === undefined) {
    const hint = 'Check the spelling, or name the group by its object id.'
    findings.push(errorAt(path, 'unknownGroup', `There is no group ${group} in the tenant.`, hint))
    return []
  }
  if (members === 'ambiguous') {
    const message = `Several groups of the tenant are called ${group}.`
    findings.push(errorAt(path, 'ambiguousGroup', message, 'Name the group by its object id.'))
    return []
  }
  return members
}

/** Everybody a plan protects, by object id. An emergency account or group that cannot be found is a finding. */
export function protectedBy(
  plan: CompiledPlan,
  register: Register,
  resolved: ResolvedGroups,
  findings: Finding[],
): Protected {
  const emergency = new Set<string>()
  for (const [index, account] of plan.protect.emergencyAccounts.entries()) {
    const person = register.find(account)
    if (person === undefined) {
      const path = ['protect', 'emergencyAccounts', index]
      const hint = 'An emergency account that does not exist protects nobody; check the spelling.'
      findings.push(errorAt(path, 'unknownPerson', `There is no ${account} in the tenant.`, hint))
    } else emergency.add(person.id)
  }
  const groups = new Set<string>()
  for (const [index, group] of plan.protect.groups.entries()) {
    for (const id of membersOf(resolved, group, ['protect', 'groups', index], findings)) groups.add(id)
  }
  return { emergency, groups }
}
