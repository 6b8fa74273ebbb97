import type { Person } from '../people/person.ts'
import { guid } from '../random.ts'
import type { DirectoryRole, Group } from './directory.ts'

// Template ids are the same in every tenant of the world.
export const GLOBAL_ADMINISTRATOR = '62e90394-69f5-4237-9190-012177145e10'
const HELPDESK_ADMINISTRATOR = '729827e3-9c14-49f7-bb1b-9608f156bbb8'

const TEMPLATES: [templateId: string, displayName: string][] = [
  [GLOBAL_ADMINISTRATOR, 'Global Administrator'],
  ['fe930be7-5e62-47db-91af-98c3a49a38b1', 'User Administrator'],
  [HELPDESK_ADMINISTRATOR, 'Helpdesk Administrator'],
  ['29232cdf-9323-42fd-ade2-1d097af3e4de', 'Exchange Administrator'],
  ['5d6b6bb7-de71-4623-b4af-96380a352509', 'Security Reader'],
]

export function firstRoles(seed: number): DirectoryRole[] {
  return TEMPLATES.map(([templateId, displayName]) => ({
    id: guid(seed, `role/${templateId}`),
    templateId,
    displayName,
  }))
}

/** The help desk holds its role by a group. */
export function firstRoleGroups(groups: Iterable<Group>): Map<string, string> {
  const desk = [...groups].find((group) => group.displayName === 'Help desk operators')
  return new Map(desk ? [[desk.id, HELPDESK_ADMINISTRATOR]] : [])
}

/** Emergency accounts are Global Administrators; people of the department Infrastructure share the other roles. */
export function giveRoles(people: Person[]): void {
  for (const person of people) {
    if (person.kind === 'emergency') person.roles = [GLOBAL_ADMINISTRATOR]
    // Some engineers of IT may take a role on when they need it.
    if (person.department === 'IT' && person.index % 9 === 4) person.eligibleRoles = [GLOBAL_ADMINISTRATOR]
    if (person.department === 'Infrastructure') {
      person.roles = [(TEMPLATES[person.index % TEMPLATES.length] as [string, string])[0]]
    }
  }
}
