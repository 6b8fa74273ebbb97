import { z } from 'zod'
import type { Graph } from '../client.ts'
import { all, pages } from '../paging.ts'
import { type Ask, nullableFlag, nullableText, quoted } from './ask.ts'

export const registration = z.object({
  /** The person's object id. */
  id: z.string().min(1),
  userPrincipalName: z.string().min(1),
  isAdmin: nullableFlag,
  /** Has a strong method and the policy lets it be used: the one to judge readiness by. */
  isMfaCapable: z.boolean(),
  isMfaRegistered: z.boolean(),
  /** An open set. */
  methodsRegistered: z
    .array(z.string())
    .nullish()
    .transform((methods) => methods ?? null),
  /** When Microsoft refreshed the report, not when the person registered. ISO 8601. */
  lastUpdatedDateTime: nullableText,
})
/** null stands for "the report does not say", never for no. */
export type Registration = z.output<typeof registration>

const signIn = z.object({
  id: z.string().min(1),
  createdDateTime: z.iso.datetime({ offset: true }),
  userId: z.string(),
  userPrincipalName: nullableText,
  appId: nullableText,
  appDisplayName: nullableText,
  resourceDisplayName: nullableText,
  clientAppUsed: nullableText,
  ipAddress: nullableText,
  correlationId: nullableText,
  isInteractive: nullableFlag,
  /** success | failure | notApplied */
  conditionalAccessStatus: nullableText,
  status: z.object({
    errorCode: z.number().int(),
    failureReason: nullableText,
    additionalDetails: nullableText,
  }),
  location: z
    .object({ city: nullableText, countryOrRegion: nullableText })
    .nullish()
    .transform((place) => place ?? null),
  /** null: withheld, for example because the application may not read policies. */
  appliedConditionalAccessPolicies: z
    .array(
      z.object({
        id: nullableText,
        displayName: nullableText,
        result: nullableText,
        /** What it demanded where it applied: Mfa, Block, ... An open set. */
        enforcedGrantControls: z.array(z.string()).nullish(),
      }),
    )
    .nullish()
    .transform((policies) => policies ?? null),
  /** singleFactorAuthentication | multiFactorAuthentication; only beta tells. */
  authenticationRequirement: nullableText,
  /** Who asked: `user` is per-user MFA. An open set; only beta tells. */
  authenticationRequirementPolicies: z
    .array(z.object({ requirementProvider: nullableText }))
    .nullish()
    .transform((policies) => policies ?? null),
})
export type SignIn = z.output<typeof signIn>

export interface SignInWindow {
  /** Milliseconds since the epoch, both included. */
  from: number
  to: number
  /** Only this person's, by object id. */
  userId?: string
  /** True: with who asked for a second factor, which only beta tells. */
  withAskers?: boolean
}

export function reportReads(graph: Graph) {
  return {
    /** Everybody's registered methods, hours old. Fails with `licence` without Entra ID P1. */
    listRegistrations: (ask: Ask): Promise<Registration[]> =>
      all(graph, {
        ...ask,
        path: '/reports/authenticationMethods/userRegistrationDetails',
        item: registration,
      }),

    /**
     * Interactive sign-ins, newest first, page by page; a row may come twice and change for two hours. A window is
     * complete only when the loop ended without an error. Fails with `licence` without Entra ID P1.
     */
    listSignIns(
      { from, to, userId, withAskers = false }: SignInWindow,
      ask: Ask,
    ): AsyncGenerator<SignIn[], void, undefined> {
      const iso = (time: number) => new Date(time).toISOString()
      const window = `createdDateTime ge ${iso(from)} and createdDateTime le ${iso(to)}`
      const $filter = userId === undefined ? window : `userId eq ${quoted(userId)} and ${window}`
      return pages(graph, {
        ...ask,
        path: '/auditLogs/signIns',
        version: withAskers ? 'beta' : 'v1.0',
        query: { $filter, $top: '1000' },
        item: signIn,
      })
    },
  }
}
