import { z } from 'zod'
import type { Graph } from '../client.ts'
import { all } from '../paging.ts'
import type { Ask } from './ask.ts'

const assignment = z.object({ principalId: z.string().min(1) })

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
  }
}
