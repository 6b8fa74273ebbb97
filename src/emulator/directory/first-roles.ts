import type { Person } from '../people/person.ts'
import { guid } from '../random.ts'
import type { DirectoryRole } from './directory.ts'

// Template ids are the same in every tenant of the world.
export const GLOBAL_ADMINISTRATOR = '62e90394-69f5-4237-9190-012177145e10'

const TEMPLATES: [templateId: string, displayName: string][] = [
  [GLOBAL_ADMINISTRATOR, 'Global Administrator'],
  ['fe930be7-5e62-47db-91af-98c3a49a38b1', 'User Administrator'],
  ['729827e3-9c14-49f7-bb1b-9608f156bbb8', 'Helpdesk Administrator'],
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

/** Emergency accounts are Global Administrators; people of the department Infrastructure share the other roles. */
export function giveRoles(people: Person[]): void {
  for (const person of people) {
    if (person.kind === 'emergency') person.roles = [GLOBAL_ADMINISTRATOR]
    if (person.department === 'Infrastructure') {
      person.roles = [(TEMPLATES[person.index % TEMPLATES.length] as [string, string])[0]]
    }
  }
}
