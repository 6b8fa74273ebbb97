import type { Group as GraphGroup } from '@microsoft/microsoft-graph-types'
import type { Group } from '../directory/directory.ts'

/** The whole group object; members are asked for on their own. */
export function groupBody(group: Group): GraphGroup & { id: string } {
  return {
    id: group.id,
    displayName: group.displayName,
    description: group.description,
    groupTypes: group.membershipRule ? ['DynamicMembership'] : [],
    securityEnabled: true,
    mailEnabled: false,
    mailNickname: group.id.slice(0, 8),
    membershipRule: group.membershipRule,
    membershipRuleProcessingState: group.membershipRule ? 'On' : null,
    onPremisesSyncEnabled: group.synced ? true : null,
    isAssignableToRole: group.isAssignableToRole ? true : null,
    createdDateTime: group.createdDateTime,
    visibility: null,
  }
}
