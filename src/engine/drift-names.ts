import type { Finding } from '../store/drift.ts'

/** What may be found of one person at a time, as it is named in a call. */
export const OF_PEOPLE = {
  added: 'group.members.added',
  removed: 'group.members.removed',
  excepted: 'exceptions.members.added',
  unexcepted: 'exceptions.members.removed',
  lowered: 'person.perUserMfa.lowered',
  raised: 'person.perUserMfa.raised',
} as const

/** How a finding is named in a call: the object and its property, such as `policy.state`. */
export function findingName({ object, property }: Pick<Finding, 'object' | 'property'>): string {
  return `${object}.${property}`
}

export function isOf(kind: keyof typeof OF_PEOPLE): (one: Finding) => boolean {
  return (one) => findingName(one) === OF_PEOPLE[kind]
}
