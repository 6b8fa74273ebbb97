import type { Outside, WaveAssignment } from '../people/cohort.ts'
import { sayExclusion } from '../people/exclusion.ts'
import { bySize, type Previewed } from '../people/preview-shares.ts'
import type { VerdictIs } from '../people/verdict-words.ts'
import { previewPart } from './preview-part.ts'

type Why = Outside['reason']

/** People in no wave by the reason for it, the most frequent first. */
export function outsideParts(
  people: readonly Previewed[],
  { outside }: Pick<WaveAssignment, 'outside'>,
  names: number,
  all: number,
) {
  const reasons = new Map(outside.map(({ id, reason }) => [id, reason]))
  const reasonOf = ({ person }: Previewed) => reasons.get(person.id) ?? 'notSelected'
  return bySize(people, reasonOf).map(({ kind, people: some }) => {
    const part = previewPart(some, sayOutside(kind, some.length), names, all)
    // Where the verdict is another thing than what keeps them out, both are said.
    const named = part.names.map((one) =>
      one.verdict === SAME[kind] ? one : { ...one, why: `${sayOutside(kind, 1)}; ${one.why}` },
    )
    return { reason: kind, ...part, names: named }
  })
}

/** The verdict that says the same as the reason. */
const SAME: Partial<Record<Why, VerdictIs>> = {
  protectedEmergency: 'protected',
  protectedGroup: 'protected',
  directoryRole: 'administrator',
  guest: 'guest',
  disabledAccount: 'needsLook',
}

/** Why so many are in no wave, after their number or a name. */
export function sayOutside(reason: Why, people: number): string {
  if (people === 1) return sayOne(reason)
  switch (reason) {
    case 'protectedEmergency':
      return 'are emergency accounts'
    case 'protectedGroup':
      return 'are in a protected group'
    case 'directoryRole':
      return 'hold a directory role'
    case 'directoryRoleUnknown':
      return 'may hold a directory role: the registration report does not say'
    case 'disabledAccount':
      return 'have a disabled account'
    case 'guest':
      return 'are guests'
    case 'adopted':
      return 'were under MFA before, and were adopted'
    case 'notSelected':
      return 'are taken by no wave of the plan'
    case 'departmentFull':
      return 'were kept back by a full department, and no later wave takes them'
    default:
      return reason satisfies never
  }
}

function sayOne(reason: Why): string {
  if (reason === 'notSelected') return 'is taken by no wave of the plan'
  if (reason === 'departmentFull') return 'was kept back by a full department, and no later wave takes them'
  return sayExclusion(reason)
}
