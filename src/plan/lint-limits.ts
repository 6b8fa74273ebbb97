import { errorAt, type Finding, type PathStep } from './problem.ts'
import type { NamedMembers } from './schema-members.ts'
import { basisPoints, WHOLE_BP } from './units.ts'

/** Limits of a wave that mean nothing where they stand. */
export function lintLimits(members: NamedMembers, path: PathStep[], isLast: boolean): Finding[] {
  return [
    ...lintMax(members, [...path, 'max']),
    ...lintSpread(members, [...path, 'spread']),
    ...lintDepartment(members, [...path, 'maxPerDepartment']),
    ...lintManager(members, [...path, 'managerApart'], isLast),
  ]
}

function lintMax(members: NamedMembers, path: PathStep[]): Finding[] {
  const picks = members.csv ?? members.group ?? members.filter ?? members.share
  if (members.max === undefined || picks !== undefined) return []
  return [noEffect(path, 'acts only with csv, group, filter or share')]
}

function lintSpread(members: NamedMembers, path: PathStep[]): Finding[] {
  if (members.spread === undefined) return []
  if ((members.csv ?? members.group ?? members.filter) === undefined) {
    return [noEffect(path, 'acts only with csv, group or filter: a share is spread as it is')]
  }
  return members.max === undefined ? [noEffect(path, 'acts only with max: without it, everybody goes')] : []
}

function lintDepartment({ maxPerDepartment, users }: NamedMembers, path: PathStep[]): Finding[] {
  if (maxPerDepartment === undefined) return []
  if (users !== undefined) return [noEffect(path, 'does not act on people who are named')]
  const bp = basisPoints(maxPerDepartment)
  if (bp > WHOLE_BP) {
    const message = `${maxPerDepartment} is more than a whole department.`
    return [errorAt(path, 'percentOver100', message, 'Write at most 100%.')]
  }
  if (bp === WHOLE_BP) return [noEffect(path, 'lets whole departments go')]
  if (bp > 0) return []
  const hint = 'Raise it, or drop the wave; one person of each department goes in any case.'
  return [errorAt(path, 'emptyWave', 'A limit of 0% of each department is nobody.', hint)]
}

function lintManager(members: NamedMembers, path: PathStep[], isLast: boolean): Finding[] {
  if (members.managerApart !== true) return []
  if (members.users !== undefined) return [noEffect(path, 'does not act on people who are named')]
  if (!isLast && members.rest === undefined) return []
  return [noEffect(path, 'does not act in the last wave: nothing comes after it')]
}

function noEffect(path: PathStep[], why: string): Finding {
  return errorAt(path, 'keyWithoutEffect', `The key ${String(path.at(-1))} ${why}.`, 'Leave the key out.')
}
