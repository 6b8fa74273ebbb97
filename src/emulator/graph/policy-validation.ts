import type { ConditionalAccessPolicy } from '@microsoft/microsoft-graph-types'
import { z } from 'zod'
import type { Directory } from '../directory/directory.ts'
import { strengthOf } from '../directory/strengths.ts'
import { latest } from '../lagged.ts'
import { badRequest } from './graph-error.ts'

const CLIENTS = [
  'all',
  'browser',
  'mobileAppsAndDesktopClients',
  'exchangeActiveSync',
  'easSupported',
  'other',
]
const CONTROLS = [
  'block',
  'mfa',
  'compliantDevice',
  'domainJoinedDevice',
  'approvedApplication',
  'compliantApplication',
  'passwordChange',
  'riskRemediation',
]

const STATES = ['enabled', 'disabled', 'enabledForReportingButNotEnforced']

const ids = z.array(z.string()).optional()
const conditions = z.looseObject({
  clientAppTypes: z.array(z.enum(CLIENTS)).min(1).optional(),
  applications: z.looseObject({ includeApplications: ids, excludeApplications: ids }).optional(),
  users: z
    .looseObject({
      includeUsers: ids,
      excludeUsers: ids,
      includeGroups: ids,
      excludeGroups: ids,
      includeRoles: ids,
      excludeRoles: ids,
    })
    .optional(),
  locations: z.looseObject({ includeLocations: ids, excludeLocations: ids }).nullish(),
})

const patch = z.strictObject({
  id: z.string().optional(),
  displayName: z.string().min(1).max(256).optional(),
  description: z.string().nullish(),
  state: z.enum(STATES).optional(),
  conditions: conditions.optional(),
  grantControls: z
    .looseObject({
      operator: z.enum(['AND', 'OR']),
      builtInControls: z.array(z.enum(CONTROLS)).optional(),
      authenticationStrength: z.looseObject({ id: z.string() }).nullish(),
    })
    .nullish(),
  sessionControls: z.looseObject({}).nullish(),
})

/** The body of a PATCH, or a 400 that says what is wrong with it. */
export function validPatch(body: unknown): ConditionalAccessPolicy {
  const read = patch.safeParse(body)
  if (!read.success) {
    const issue = read.error.issues[0]
    throw badRequest(
      `Invalid value at ${issue?.path.join('.') || 'the body'}: ${issue?.message}`,
      'BadRequest',
    )
  }
  return read.data as ConditionalAccessPolicy
}

/** Refuses a policy that is not whole: it needs an application, a user rule and a control. */
export function checkWhole(policy: ConditionalAccessPolicy, directory: Directory): void {
  const { users, applications } = policy.conditions ?? {}
  if (!policy.displayName) throw badRequest('Policy does not contain a display name.', 'BadRequest')
  if (!policy.state) throw badRequest('Policy does not contain a state.', 'BadRequest')
  const apps = [...(applications?.includeApplications ?? []), ...(applications?.includeUserActions ?? [])]
  if (apps.length === 0) throw badRequest('Policy does not contain any application.', 'BadRequest')
  const included = [
    ...(users?.includeUsers ?? []),
    ...(users?.includeGroups ?? []),
    ...(users?.includeRoles ?? []),
  ]
  if (included.length === 0 && !users?.includeGuestsOrExternalUsers) {
    throw badRequest('Policy does not contain any user, group or role.', 'BadRequest')
  }
  if (!policy.grantControls && !policy.sessionControls) {
    throw badRequest('Policy does not contain any grant or session control.', 'BadRequest')
  }
  checkPlacesAndStrength(policy, directory)
  for (const id of [...(users?.includeGroups ?? []), ...(users?.excludeGroups ?? [])]) {
    if (!directory.groups.has(id))
      throw badRequest(`Policy contains a group that does not exist: ${id}.`, 'BadRequest')
  }
  for (const id of [...(users?.includeUsers ?? []), ...(users?.excludeUsers ?? [])]) {
    const known =
      ['All', 'None', 'GuestsOrExternalUsers'].includes(id) || directory.personById.get(id)?.deleted === null
    if (!known) throw badRequest(`Policy contains a user that does not exist: ${id}.`, 'BadRequest')
  }
}

function checkPlacesAndStrength(policy: ConditionalAccessPolicy, directory: Directory): void {
  const { includeLocations, excludeLocations } = policy.conditions?.locations ?? {}
  for (const id of [...(includeLocations ?? []), ...(excludeLocations ?? [])]) {
    const location = directory.locations.get(id)
    const known = ['All', 'AllTrusted'].includes(id) || (location && latest(location.body))
    if (!known) throw badRequest(`Policy contains a location that does not exist: ${id}.`, 'BadRequest')
  }
  const strength = policy.grantControls?.authenticationStrength?.id
  if (strength && !strengthOf(strength)) {
    throw badRequest(
      `Policy contains an authentication strength that does not exist: ${strength}.`,
      'BadRequest',
    )
  }
}
