import {
  type Case,
  exceptionMoves,
  exceptionsGroups,
  nameOf,
  ourGroups,
  ourPolicies,
  personChanges,
} from '../case.ts'

/** (d) After a rollback of everything each person is as before, or listed with the reason; the policies as recorded. */
export function notBack(one: Case): string[] {
  const states = one.records.rollouts.map((rollout) => rollout.state)
  if (!states.some((state) => state === 'rolledBack' || state === 'rollbackFailed')) return []
  const changed = new Set(personChanges(one).map((change) => change.personId))
  const people = [...changed].flatMap((id) => {
    const now = one.after.people.get(id)
    const was = one.before.people.get(id)
    // Whoever has left the directory since is as nobody was.
    if (!now || !was) return []
    const differs = [
      ...[...ourGroups(one.records)].flatMap((group) => membershipOf(one, group, id)),
      ...(isBack(was.perUserMfa, now.perUserMfa)
        ? []
        : [`has per-user MFA ${now.perUserMfa}, and had it ${was.perUserMfa}`]),
    ]
    if (differs.length === 0 || isListed(one, id)) return []
    return [`${nameOf(one, id)} ${differs.join(' and ')} after the rollback, and no reason is on record.`]
  })
  return [
    ...people,
    ...(states.includes('rollbackFailed') ? [] : [...policiesNotBack(one), ...exceptionsNotBack(one)]),
  ]
}

/** Microsoft turns `enabled` into `enforced` by itself. */
function isBack(was: string, now: string): boolean {
  return was === now || (was === 'enabled' && now === 'enforced')
}

function membershipOf({ before, after }: Case, group: string, id: string): string[] {
  const was = before.groups.get(group)?.has(id) ?? false
  const is = after.groups.get(group)?.has(id) ?? false
  if (was === is) return []
  return [is ? 'is in the group, and was not' : 'is not in the group, and was']
}

/** Said not to be restored, and why. */
function isListed({ records }: Case, id: string): boolean {
  return records.members.some(
    (member) =>
      member.person_id === id &&
      member.restore !== null &&
      member.restore !== 'restored' &&
      member.restore !== 'untouched' &&
      (member.restore_reason ?? '') !== '',
  )
}

function policiesNotBack({ before, after, records }: Case): string[] {
  return [...ourPolicies(records)].flatMap((id) => {
    const was = before.policies.get(id)
    const is = after.policies.get(id)
    if (!is) return was ? [`The policy ${was.displayName} is gone after the rollback.`] : []
    if (!was)
      return is.state === 'enabled'
        ? [`The policy ${is.displayName}, which we made, is enabled after the rollback.`]
        : []
    const body = ({ state, conditions, grantControls }: typeof was) =>
      JSON.stringify([state, conditions, grantControls])
    return body(was) === body(is)
      ? []
      : [`The policy ${was.displayName} is not as it was before us after the rollback.`]
  })
}

/** Nobody is left among the exceptions whom we put there. */
function exceptionsNotBack(one: Case): string[] {
  const ours = new Set(exceptionMoves(one).map((change) => change.personId))
  return [...exceptionsGroups(one.records)].flatMap((group) =>
    [...(one.after.groups.get(group) ?? [])]
      .filter((id) => ours.has(id) && !one.before.groups.get(group)?.has(id))
      .map((id) => `${nameOf(one, id)} is still among the exceptions after the rollback.`),
  )
}
