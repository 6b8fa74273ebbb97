import { z } from 'zod'
import type { Graph } from '../client.ts'
import { GraphFailure, isFailure } from '../errors.ts'
import { all } from '../paging.ts'
import { permissionFor } from '../permissions.ts'
import { type Ask, nullableFlag, nullableText, segment } from './ask.ts'

const method = z.object({ '@odata.type': z.string() })

const activity = z.object({
  signInActivity: z
    .object({ lastSignInDateTime: nullableText, lastSuccessfulSignInDateTime: nullableText })
    .nullish(),
})

const origin = z.object({ onPremisesSyncEnabled: nullableFlag })

/** `#microsoft.graph.fido2AuthenticationMethod` → `fido2`. */
function typeOf(odataType: string): string {
  return odataType.replace(/^#microsoft\.graph\./, '').replace(/AuthenticationMethod$/, '')
}

export function authenticationReads(graph: Graph) {
  return {
    /** The kinds of methods one person has now: `fido2`, `phone`, ... An open set; everybody has `password`. */
    async listMethodKinds(id: string, ask: Ask): Promise<string[]> {
      const path = `/users/${segment(id)}/authentication/methods`
      return (await all(graph, { ...ask, path, item: method })).map((one) => typeOf(one['@odata.type']))
    },

    /**
     * When one person last signed in with success, milliseconds; null: never, as far as Entra knows. Microsoft keeps it
     * beyond the log's thirty days, hours behind. Fails with `licence` without Entra ID P1.
     */
    async readLastSignIn(id: string, ask: Ask): Promise<number | null> {
      const path = `/users/${segment(id)}`
      const query = { $select: 'id,signInActivity' }
      try {
        const { body } = await graph.call({ ...ask, method: 'GET', path, query, expect: activity })
        const { lastSuccessfulSignInDateTime, lastSignInDateTime } = body.signInActivity ?? {}
        const at = Date.parse(lastSuccessfulSignInDateTime ?? lastSignInDateTime ?? '')
        return Number.isNaN(at) ? null : at
      } catch (error) {
        if (!isFailure(error, 'forbidden')) throw error
        // The path alone does not tell that the log is asked too.
        const { kind, message, status, code, requestId, clientRequestId } = error
        const permission = permissionFor('GET', `${path}/signInActivity`)
        throw new GraphFailure({ kind, message, status, code, requestId, clientRequestId, permission })
      }
    },

    /** Whether an account comes from on-premises. */
    async readIsSynced(id: string, ask: Ask): Promise<boolean> {
      const path = `/users/${segment(id)}`
      const query = { $select: 'id,onPremisesSyncEnabled' }
      const { body } = await graph.call({ ...ask, method: 'GET', path, query, expect: origin })
      return body.onPremisesSyncEnabled === true
    },
  }
}
