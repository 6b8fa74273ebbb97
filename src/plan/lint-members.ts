import { lintLimits } from './lint-limits.ts'
import { errorAt, type Finding, type PathStep } from './problem.ts'
import type { Plan } from './schema.ts'
import type { NamedMembers } from './schema-members.ts'
import { basisPoints, WHOLE_BP } from './units.ts'

/** Who a plan puts where, as far as the text alone can tell. */
export function lintMembers(plan: Plan): Finding[] {
  const people = new Map<string, string>()
  const groups = new Map<string, string>()
  const findings: Finding[] = []
  for (const [index, wave] of plan.waves.entries()) {
    if (typeof wave.members === 'string') continue
    const path = ['waves', index, 'members']
    findings.push(
      ...lintChoice(wave.members, path),
      ...lintUsers(plan, wave.members.users, wave.name, people, [...path, 'users']),
      ...lintGroup(plan, wave.members.group, wave.name, groups, [...path, 'group']),
      ...lintFilter(wave.members.filter, wave.name, [...path, 'filter']),
      ...lintShare(wave.members.share, [...path, 'share']),
      ...lintLimits(wave.members, path, index === plan.waves.length - 1),
    )
  }
  return findings
}

function lintChoice(members: NamedMembers, path: PathStep[]): Finding[] {
  const { users, csv, group, filter, share, rest } = members
  const chosen = [users, csv, group, filter, share, rest].filter((way) => way !== undefined)
  if (chosen.length === 1) return []
  const hint = 'Write exactly one of users, csv, group, filter and share, or the word rest.'
  if (chosen.length === 0) return [errorAt(path, 'emptyWave', 'The wave names no members.', hint)]
  return [errorAt(path, 'membersUnclear', 'The wave names its members in more than one way.', hint)]
}

function lintUsers(
  plan: Plan,
  users: readonly string[] | undefined,
  wave: string,
  seen: Map<string, string>,
  path: PathStep[],
): Finding[] {
  if (users === undefined) return []
  if (users.length === 0) {
    return [
      errorAt(
        path,
        'emptyWave',
        `The wave ${wave} has an empty list of people.`,
        'Name people, or drop the wave.',
      ),
    ]
  }
  const emergency = new Set(plan.protect.emergencyAccounts.map((account) => account.toLowerCase()))
  const findings: Finding[] = []
  for (const [index, user] of users.entries()) {
    const key = user.toLowerCase()
    const earlier = seen.get(key)
    if (emergency.has(key)) {
      const message = `${user} is an emergency account and stands in the wave ${wave}.`
      const hint = 'Take it out of the wave: emergency accounts are in no wave, ever.'
      findings.push(errorAt([...path, index], 'emergencyAccountInWave', message, hint))
    } else if (earlier !== undefined) {
      const message =
        earlier === wave
          ? `${user} is named twice in ${wave}.`
          : `${user} is named in ${earlier} and in ${wave}.`
      findings.push(errorAt([...path, index], 'personInTwoWaves', message, 'Name each person once.'))
    }
    seen.set(key, earlier ?? wave)
  }
  return findings
}

function lintGroup(
  plan: Plan,
  group: string | undefined,
  wave: string,
  seen: Map<string, string>,
  path: PathStep[],
): Finding[] {
  if (group === undefined) return []
  const key = group.toLowerCase()
  const earlier = seen.get(key)
  seen.set(key, earlier ?? wave)
  if (key === plan.enforce.group?.toLowerCase()) {
    const message = `${group} is the group through which people enter MFA; it cannot be a wave's source.`
    const hint = 'Name the group that people are in before the rollout.'
    return [errorAt(path, 'enforcementGroupInWave', message, hint)]
  }
  if (plan.protect.groups.some((protectedGroup) => protectedGroup.toLowerCase() === key)) {
    const message = `${group} is a protected group and stands in the wave ${wave}.`
    return [errorAt(path, 'protectedGroupInWave', message, 'Protect the group or roll out to it, not both.')]
  }
  if (earlier === undefined) return []
  const message = `The group ${group} is already the wave ${earlier}; nobody would be left for ${wave}.`
  return [errorAt(path, 'groupInTwoWaves', message, 'Name each group once.')]
}

function lintFilter(filter: NamedMembers['filter'], wave: string, path: PathStep[]): Finding[] {
  if (filter === undefined || Object.values(filter).some((values) => values !== undefined)) return []
  const message = `The filter of the wave ${wave} has no condition.`
  const hint = 'Write an attribute, such as { department: Sales }, or members: rest for all who are left.'
  return [errorAt(path, 'emptyWave', message, hint)]
}

function lintShare(share: string | undefined, path: PathStep[]): Finding[] {
  if (share === undefined) return []
  const bp = basisPoints(share)
  if (bp > WHOLE_BP) {
    const hint = 'A share is of all who are left after the waves before it: at most 100%.'
    return [errorAt(path, 'percentOver100', `A share of ${share} is more than everybody.`, hint)]
  }
  if (bp > 0) return []
  return [errorAt(path, 'emptyWave', 'A share of 0% is nobody.', 'Raise the share, or drop the wave.')]
}
