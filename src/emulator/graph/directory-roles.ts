import { guid } from '../random.ts'
import { notFound } from './graph-error.ts'
import { page } from './page.ts'
import type { GraphRoute } from './route.ts'
import { userInList } from './user-body.ts'

const READ_ROLES = [['RoleManagement.Read.Directory', 'RoleManagement.Read.All', 'Directory.Read.All']]

export const DIRECTORY_ROLE_ROUTES: GraphRoute[] = [
  {
    method: 'GET',
    path: '/directoryRoles',
    bucket: 'directory',
    permissions: READ_ROLES,
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
    method: 'GET',
    path: '/directoryRoles/:id/members',
    bucket: 'directory',
    units: 2,
    permissions: READ_ROLES,
    answer(call) {
      const id = call.params.id as string
      const role = call.world.directory.roles.find((one) => one.id === id)
      if (!role) throw notFound(id)
      const holders = call.world.directory.people.filter(
        (one) => !one.deleted && one.roles.includes(role.templateId),
      )
      return page(call, holders, { context: 'directoryObjects', standard: 100, largest: 999 }, (person) => ({
        '@odata.type': '#microsoft.graph.user',
        ...userInList(call, person),
      }))
    },
  },
  {
    method: 'GET',
    path: '/roleManagement/directory/roleAssignments',
    bucket: 'directory',
    permissions: READ_ROLES,
    answer(call) {
      const { people } = call.world.directory
      const assignments = people
        .filter((person) => !person.deleted)
        .flatMap((person) => person.roles.map((role) => ({ person, role })))
      const context = 'roleManagement/directory/roleAssignments'
      return page(call, assignments, { context, standard: 100, largest: 999 }, ({ person, role }) => ({
        id: guid(call.world.options.seed, `assignment/${person.id}/${role}`),
        principalId: person.id,
        roleDefinitionId: role,
        directoryScopeId: '/',
      }))
    },
  },
]
