import { z } from 'zod'
import type { Graph } from '../client.ts'
import { all } from '../paging.ts'
import { type Ask, nullableText, quoted } from './ask.ts'

const assignment = z.object({ principalId: z.string().min(1) })
const heldRole = z.object({ roleDefinitionId: z.string().min(1), directoryScopeId: nullableText })
export type HeldRole = z.output<typeof heldRole>

export function roleReads(graph: Graph) {
  return {
    /**
     * The object ids of whoever holds a directory role now, in the whole tenant or a part of it: people, groups,
     * applications. Who may take one on for some hours and has not (P2) is not among them.
     */
    async listRoleHolders(ask: Ask): Promise<string[]> {
      const path = '/roleManagement/directory/roleAssignments'
      const found = await all(graph, { ...ask, path, item: assignment })
      return [...new Set(found.map((one) => one.principalId))]
    },

    /** The object ids of whoever may take a directory role on for some hours: people and groups. Needs P2. */
    async listEligible(ask: Ask): Promise<string[]> {
      const path = '/roleManagement/directory/roleEligibilityScheduleInstances'
      const found = await all(graph, { ...ask, path, item: assignment })
      return [...new Set(found.map((one) => one.principalId))]
    },

    /** The roles this person holds now, not by a group. */
    listRolesOf(id: string, ask: Ask): Promise<HeldRole[]> {
      const query = { $filter: `principalId eq ${quoted(id)}` }
      return all(graph, { ...ask, path: '/roleManagement/directory/roleAssignments', query, item: heldRole })
    },

    /** The roles this person may take on for some hours (P2), by template id. Refused where there is no P2. */
    async listEligibleRolesOf(id: string, ask: Ask): Promise<string[]> {
      const path = '/roleManagement/directory/roleEligibilityScheduleInstances'
      const query = { $filter: `principalId eq ${quoted(id)}` }
      return (await all(graph, { ...ask, path, query, item: heldRole })).map((one) => one.roleDefinitionId)
    },
  }
}
