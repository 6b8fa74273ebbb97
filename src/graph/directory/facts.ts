import { z } from 'zod'
import type { Graph } from '../client.ts'
import { type Ask, nullableFlag, nullableText, quoted } from './ask.ts'
import { registration } from './reports.ts'

const time = z
  .string()
  .nullish()
  .transform((text) => (Number.isNaN(Date.parse(text ?? '')) ? null : Date.parse(text ?? '')))

const account = z.object({
  id: z.string().min(1),
  userPrincipalName: z.string().min(1),
  displayName: nullableText,
  accountEnabled: nullableFlag,
  userType: nullableText,
  mail: nullableText,
  department: nullableText,
  officeLocation: nullableText,
  country: nullableText,
  usageLocation: nullableText,
  preferredLanguage: nullableText,
  employeeType: nullableText,
  employeeId: nullableText,
  givenName: nullableText,
  surname: nullableText,
  companyName: nullableText,
  mobilePhone: nullableText,
  businessPhones: z.array(z.string()).nullish(),
  onPremisesSyncEnabled: nullableFlag,
  onPremisesLastSyncDateTime: time,
  createdDateTime: time,
  assignedPlans: z
    .array(z.object({ servicePlanId: nullableText, capabilityStatus: nullableText }))
    .nullish()
    .transform((plans) => plans ?? null),
})
const $select = Object.keys(account.shape).join(',')

const managed = account.extend({ manager: z.object({ id: z.string().min(1) }).nullish() })
export type DirectoryAccount = z.output<typeof managed>

const removed = z.object({ id: z.string().min(1), '@removed': z.object({ reason: nullableText }) })
export type AccountChange = z.output<typeof account> | z.output<typeof removed>

const activity = z.object({
  id: z.string().min(1),
  signInActivity: z
    .object({
      lastSignInDateTime: time,
      lastNonInteractiveSignInDateTime: time,
      lastSuccessfulSignInDateTime: time,
    })
    .nullish(),
})
export type Activity = z.output<typeof activity>

const legacySignIn = z.object({
  id: z.string().min(1),
  createdDateTime: z.iso.datetime({ offset: true }),
  userId: z.string(),
  clientAppUsed: nullableText,
  ipAddress: nullableText,
  status: z.object({ errorCode: z.number().int() }),
})
export type LegacySignIn = z.output<typeof legacySignIn>

const moment = legacySignIn.pick({ id: true, createdDateTime: true, ipAddress: true, status: true }).extend({
  userAgent: nullableText,
})
export type SignInMoment = z.output<typeof moment>

const assignment = z.object({ principalId: z.string().min(1), roleDefinitionId: z.string().min(1) })
export type RoleAssignment = z.output<typeof assignment>

/** One page of a list, and where the next one is. */
export interface Page<T> {
  items: T[]
  next: string | null
}

interface Asked<T> extends Ask {
  path: string
  query?: Record<string, string>
  item: z.ZodType<T>
  headers?: Record<string, string>
}

/** Calls that bring facts of everybody page by page, so that whoever reads can go on after a crash. */
export function factReads(graph: Graph) {
  async function page<T>({ item, ...call }: Asked<T>, from: string | null) {
    const expect = z.object({
      value: z.array(item),
      '@odata.nextLink': z.string().optional(),
      '@odata.deltaLink': z.string().optional(),
      '@odata.count': z.number().optional(),
    })
    const { body } = await graph.call({ ...call, method: 'GET', expect, nextLink: from ?? undefined })
    const { value: items, '@odata.nextLink': next = null } = body
    return { items, next, delta: body['@odata.deltaLink'] ?? null, count: body['@odata.count'] ?? null }
  }

  return {
    /** How many people the directory has; null: it does not say. */
    async countPeople(ask: Ask): Promise<number | null> {
      const query = { $select: 'id', $top: '1', $count: 'true' }
      const item = z.object({ id: z.string() })
      const headers = { ConsistencyLevel: 'eventual' }
      return (await page({ ...ask, path: '/users', query, headers, item }, null)).count
    },

    /** Everybody, 999 a page, each with the manager's object id. */
    accountsPage(from: string | null, ask: Ask): Promise<Page<DirectoryAccount>> {
      const query = { $select, $expand: 'manager($select=id)', $top: '999' }
      return page({ ...ask, path: '/users', query, item: managed }, from)
    },

    /** A link to what changes from now on, without reading what is there. */
    async accountsDelta(ask: Ask): Promise<string | null> {
      const query = { $select, $deltatoken: 'latest' }
      return (await page({ ...ask, path: '/users/delta', query, item: z.unknown() }, null)).delta
    },

    /** What changed since a link was given; without a next page, `delta` is the next link. Status 410: read everybody again. */
    accountChanges(link: string, ask: Ask): Promise<Page<AccountChange> & { delta: string | null }> {
      const item = z.union([removed, account])
      return page({ ...ask, path: '/users/delta', query: { $select }, item }, link)
    },

    /** Everybody's registered methods, hours old. Fails with `licence` without Entra ID P1. */
    registrationsPage: (from: string | null, ask: Ask) =>
      page(
        { ...ask, path: '/reports/authenticationMethods/userRegistrationDetails', item: registration },
        from,
      ),

    /** When everybody last signed in, 500 a page, ten calls a minute. Fails with `licence` without Entra ID P1. */
    activityPage(from: string | null, ask: Ask): Promise<Page<Activity>> {
      const query = { $select: 'id,signInActivity', $top: '500' }
      return page({ ...ask, path: '/users', query, item: activity }, from)
    },

    /** Sign-ins by one client application, as the log names it. Fails with `licence` without Entra ID P1. */
    signInsByClient(
      { client, from: since, to }: { client: string; from: number; to: number },
      from: string | null,
      ask: Ask,
    ): Promise<Page<LegacySignIn>> {
      const iso = (at: number) => new Date(at).toISOString()
      const window = `createdDateTime ge ${iso(since)} and createdDateTime le ${iso(to)}`
      const query = { $filter: `${window} and clientAppUsed eq ${quoted(client)}`, $top: '1000' }
      return page({ ...ask, path: '/auditLogs/signIns', query, item: legacySignIn }, from)
    },

    /** The newest sign-ins of one person, at most a thousand. Fails with `licence` without Entra ID P1. */
    async momentsOf(person: string, since: number, ask: Ask): Promise<SignInMoment[]> {
      const $filter = `createdDateTime ge ${new Date(since).toISOString()} and userId eq ${quoted(person)}`
      const query = { $filter, $top: '1000' }
      return (await page({ ...ask, path: '/auditLogs/signIns', query, item: moment }, null)).items
    },

    /** Who holds which directory role now: people, groups and applications. */
    roleAssignmentsPage: (from: string | null, ask: Ask): Promise<Page<RoleAssignment>> =>
      page({ ...ask, path: '/roleManagement/directory/roleAssignments', item: assignment }, from),
  }
}
