import type { UnifiedRoleAssignment } from '@microsoft/microsoft-graph-types'
import type { DirectoryRole, Group } from '../directory/directory.ts'
import type { Person } from '../people/person.ts'
import { guid } from '../random.ts'
import { inDirectory } from './directory-object.ts'
import { filterTest } from './filter.ts'
import { notFound } from './graph-error.ts'
import { page } from './page.ts'
import type { Answer, GraphCall, GraphRoute } from './route.ts'

const READ_ROLES = [['RoleManagement.Read.Directory', 'RoleManagement.Read.All', 'Directory.Read.All']]
const route = { method: 'GET' as const, bucket: 'directory' as const, permissions: READ_ROLES }

export const DIRECTORY_ROLE_ROUTES: GraphRoute[] = [
  {
    ...route,
    path: '/directoryRoles',
    answer: (call) =>
      page(
        call,
        call.world.directory.roles,
        { context: 'directoryRoles', standard: 100, largest: 999 },
        (role) => ({
          id: role.id,
          displayName: role.displayName,
          description: role.displayName,
          roleTemplateId: role.templateId,
          deletedDateTime: null,
        }),
      ),
  },
  {
    ...route,
    path: '/directoryRoles/:id/members',
    units: 2,
    answer(call) {
      const id = (call.params.id as string).toLowerCase()
      const role = call.world.directory.roles.find((one) => one.id === id)
      if (!role) throw notFound(id)
      const holders = holdersOf(call, role, (person) => person.roles)
      return page(call, holders, { context: 'directoryObjects', standard: 100, largest: 999 }, (holder) =>
        inDirectory(call, holder),
      )
    },
  },
  {
    ...route,
    path: '/roleManagement/directory/roleAssignments',
    answer: (call) => assignments(call, 'roleAssignments', (person) => person.roles),
  },
  {
    ...route,
    path: '/roleManagement/directory/roleEligibilityScheduleInstances',
    permissions: [
      ['RoleEligibilitySchedule.Read.Directory', 'RoleManagement.Read.Directory', 'RoleManagement.Read.All'],
    ],
    premiumP2: true,
    // Who may take a role on for some hours, and does not hold it now.
    answer: (call) => assignments(call, 'roleEligibilityScheduleInstances', (person) => person.eligibleRoles),
  },
]

function assignments(call: GraphCall, name: string, of: (person: Person) => readonly string[]): Answer {
  const active = name === 'roleAssignments'
  const found = call.world.directory.roles.flatMap((role) =>
    holdersOf(call, role, of, active).map(
      (holder): UnifiedRoleAssignment => ({
        id: guid(call.world.options.seed, `${name}/${holder.id}/${role.templateId}`),
        principalId: holder.id,
        roleDefinitionId: role.templateId,
        directoryScopeId: '/',
      }),
    ),
  )
  const { test } = filterTest(call.query.$filter, {
    properties: ['principalId', 'roleDefinitionId'],
    eventual: call.eventual,
  })
  const chosen = found.filter((one) => test((property) => one[property as keyof typeof one]))
  const context = `roleManagement/directory/${name}`
  return page(call, chosen, { context, standard: 100, largest: 999 }, (one) => one)
}

/** People, and groups whose members hold the role. */
function holdersOf(
  call: GraphCall,
  role: DirectoryRole,
  of: (person: Person) => readonly string[],
  withGroups = true,
): (Person | Group)[] {
  const { people, groups, roleGroups } = call.world.directory
  const holders: (Person | Group)[] = people.filter(
    (person) => !person.deleted && of(person).includes(role.templateId),
  )
  if (!withGroups) return holders
  for (const [id, templateId] of roleGroups) {
    const group = groups.get(id)
    if (group && templateId === role.templateId) holders.push(group)
  }
  return holders
}
