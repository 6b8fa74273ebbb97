import type { PolicyBody } from '../graph/directory/policies.ts'

/** What the policy asks, of which sign-ins; the same for the policy, its twin and the administrators' policy. */
export interface PolicyDemand {
  /** Id of the authentication strength; null: any second factor. */
  strengthId: string | null
  /** Only sign-ins that Identity Protection calls of medium or high risk; false: all of them. */
  onlyRisky: boolean
  /** Ids of the named locations it leaves out; empty: it asks everywhere. */
  exceptLocations: readonly string[]
}

export interface PolicyWanted {
  name: string
  /** Object id of the group it covers; null: everybody, which only the report-only twin does. */
  groupId: string | null
  demand: PolicyDemand
  /** Object ids of the emergency accounts. */
  excludedPeople: readonly string[]
  /** Object ids of the protected groups. */
  excludedGroups: readonly string[]
  /** Names our installation, in the policy's description. */
  mark: string
  /** Changes by another hand that an approver took, by path: part of what is wanted. */
  accepted?: Readonly<Record<string, unknown>>
}

/**
 * The risk of the sign-in, as in Microsoft's template. Not the risk of the person beside it: all conditions of a policy
 * have to be met, so that it would ask only where both are at risk.
 */
export const RISKY = ['high', 'medium'] as const

const MARK = /\[wavegate:([^\]]+)\]/

export function markText(installation: string): string {
  return `[wavegate:${installation}]`
}

/** The mark a description carries; undefined: none. */
export function markIn(description: string | null | undefined): string | undefined {
  return MARK.exec(description ?? '')?.[1]
}

/** The policy as we make it where there is none: report-only until the group has been read back. */
export function policyBody(wanted: PolicyWanted): PolicyBody {
  const { groupId, demand } = wanted
  return {
    displayName: wanted.name,
    description: `${purposeOf(wanted)}; kept by wavegate ${markText(wanted.mark)}`,
    state: 'enabledForReportingButNotEnforced',
    conditions: {
      clientAppTypes: ['all'],
      ...(demand.onlyRisky && { signInRiskLevels: [...RISKY] }),
      ...(demand.exceptLocations.length > 0 && {
        locations: { includeLocations: ['All'], excludeLocations: [...demand.exceptLocations] },
      }),
      applications: { includeApplications: ['All'] },
      users: {
        ...(groupId === null ? { includeUsers: ['All'] } : { includeGroups: [groupId] }),
        excludeUsers: [...wanted.excludedPeople],
        excludeGroups: [...wanted.excludedGroups],
      },
    },
    grantControls:
      demand.strengthId === null
        ? { operator: 'OR', builtInControls: ['mfa'] }
        : { operator: 'OR', builtInControls: [], authenticationStrength: { id: demand.strengthId } },
  }
}

function purposeOf({ groupId }: PolicyWanted): string {
  return groupId === null
    ? 'Report-only twin: tells what MFA for everybody would do, and asks nobody'
    : 'MFA for the members of one group'
}
