import { settled } from '../lagged.ts'
import type { Person } from '../people/person.ts'
import { isInHalf } from '../people/scenario-people.ts'
import { guid } from '../random.ts'
import type { Scenario } from '../scenario.ts'
import type { Group } from './directory.ts'

/** The groups that every simulated tenant begins with. */
export function firstGroups(
  seed: number,
  people: Person[],
  createdDateTime: string,
  scenario: Scenario,
): Group[] {
  const group = (
    displayName: string,
    members: { id: string }[],
    more: Partial<Group> = {},
    name = displayName,
  ): Group => ({
    id: guid(seed, `group/${name}`),
    displayName,
    description: null,
    membershipRule: null,
    synced: false,
    isAssignableToRole: false,
    createdDateTime,
    members: new Map(members.map((member) => [member.id, settled(true)])),
    ...more,
  })
  const it = people.filter((person) => person.department === 'IT')
  const nested = it.length > 3 ? it.filter((person) => person.index % 4 === 0) : []
  const desk = group('IT service desk', nested)
  const direct = it.filter((person) => !nested.includes(person))
  const guests = people.filter((person) => person.kind === 'guest')
  const finance = people.filter((person) => person.department === 'Finance')
  const half = scenario === 'half-done' ? [...people.filter(isInHalf), ...guests.slice(0, 1)] : []
  const logistics = people.filter((person) => person.department === 'Logistics')
  return [
    group('IT department', [...direct, desk], {
      description: 'Everybody in IT; the service desk is a group of its own',
    }),
    desk,
    group(
      'Service accounts',
      people.filter((person) => person.kind === 'service'),
    ),
    group('MFA required', half, { description: 'Who is in here must pass multifactor authentication' }),
    group(
      'All staff',
      people.filter((person) => person.kind === 'member'),
    ),
    group('Duplicated group', people.slice(2, 3)),
    group('Duplicated group', [], {}, 'Duplicated group, the second'),
    group('All guests', guests, { membershipRule: '(user.userType -eq "Guest")' }),
    group('Finance (on-premises)', finance, { synced: true }),
    group('Help desk operators', [], { isAssignableToRole: true }),
    ...(scenario === 'other-policy' ? [group('Logistics', logistics)] : []),
  ]
}
