import { z } from 'zod'
import type { Graph } from '../client.ts'
import { type Ask, nullableFlag, nullableText } from './ask.ts'

const target = z.object({ id: z.string(), targetType: nullableText, isUsableForSignIn: nullableFlag })
const targets = z
  .array(target)
  .nullish()
  .transform((list) => list ?? null)

const configuration = z.object({
  id: z.string().min(1),
  /** enabled | disabled; Microsoft may add to them. */
  state: nullableText,
  /** null: Graph does not say. */
  includeTargets: targets,
  excludeTargets: targets,
  isOfficePhoneAllowed: nullableFlag,
})
export type MethodConfiguration = z.output<typeof configuration>

const policy = z.object({
  /** preMigration | migrationInProgress | migrationComplete; null: Graph does not say. */
  policyMigrationState: nullableText,
  authenticationMethodConfigurations: z.array(configuration),
})

/** Which methods the tenant lets whom use. */
export interface MethodsPolicy {
  migration: string | null
  methods: MethodConfiguration[]
}

export function methodsPolicyReads(graph: Graph) {
  return {
    /** Fails with `unreadable` when the methods themselves are missing: that is no policy that allows nothing. */
    async readMethodsPolicy(ask: Ask): Promise<MethodsPolicy> {
      const path = '/policies/authenticationMethodsPolicy'
      const { body } = await graph.call({ ...ask, method: 'GET', path, expect: policy })
      return {
        migration: body.policyMigrationState,
        methods: body.authenticationMethodConfigurations,
      }
    },
  }
}
