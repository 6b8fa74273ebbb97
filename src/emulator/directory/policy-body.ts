import type {
  ConditionalAccessGrantControls,
  ConditionalAccessPolicy,
} from '@microsoft/microsoft-graph-types'

import { strengthOf } from './strengths.ts'
/** The body as the service keeps it: what the sender left out is there, empty. */
export function normalPolicy(body: ConditionalAccessPolicy): ConditionalAccessPolicy {
  const { conditions } = body
  return {
    displayName: body.displayName ?? '',
    description: body.description ?? null,
    state: body.state ?? 'disabled',
    templateId: null,
    conditions: {
      userRiskLevels: [],
      signInRiskLevels: [],
      servicePrincipalRiskLevels: [],
      platforms: null,
      locations: null,
      devices: null,
      clientApplications: null,
      authenticationFlows: null,
      ...conditions,
      clientAppTypes: conditions?.clientAppTypes ?? ['all'],
      applications: {
        includeApplications: [],
        excludeApplications: [],
        includeUserActions: [],
        includeAuthenticationContextClassReferences: [],
        applicationFilter: null,
        ...conditions?.applications,
      },
      users: {
        includeUsers: [],
        excludeUsers: [],
        includeGroups: [],
        excludeGroups: [],
        includeRoles: [],
        excludeRoles: [],
        includeGuestsOrExternalUsers: null,
        excludeGuestsOrExternalUsers: null,
        ...conditions?.users,
      },
    },
    grantControls: body.grantControls ? normalGrant(body.grantControls) : null,
    sessionControls: body.sessionControls ?? null,
  }
}

function normalGrant(grant: ConditionalAccessGrantControls): ConditionalAccessGrantControls {
  return {
    operator: grant.operator ?? 'OR',
    builtInControls: grant.builtInControls ?? [],
    customAuthenticationFactors: grant.customAuthenticationFactors ?? [],
    termsOfUse: grant.termsOfUse ?? [],
    // Who names a strength by its id reads it back whole.
    authenticationStrength:
      strengthOf(grant.authenticationStrength?.id) ?? grant.authenticationStrength ?? null,
  }
}

/** A PATCH replaces what it names; of the conditions it replaces those it names. */
export function patchedPolicy(
  before: ConditionalAccessPolicy,
  patch: ConditionalAccessPolicy,
): ConditionalAccessPolicy {
  const conditions = { ...before.conditions, ...patch.conditions }
  return { ...normalPolicy({ ...before, ...patch, conditions }), ...identity(before) }
}

function identity(policy: ConditionalAccessPolicy): ConditionalAccessPolicy {
  return {
    id: policy.id as string,
    createdDateTime: policy.createdDateTime ?? null,
    modifiedDateTime: policy.modifiedDateTime ?? null,
  }
}
