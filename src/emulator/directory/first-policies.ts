import type { ConditionalAccessPolicy } from '@microsoft/microsoft-graph-types'
import { settled } from '../lagged.ts'
import { guid } from '../random.ts'
import type { Directory, Policy } from './directory.ts'
import { normalPolicy } from './policy-body.ts'

/** The policies somebody made long before: legacy protocols are blocked, administrators need MFA. */
export function firstPolicies(seed: number, directory: Directory, createdDateTime: string): Policy[] {
  const emergency = directory.people
    .filter((person) => person.kind === 'emergency')
    .map((person) => person.id)
  const services = [...directory.groups.values()].find((group) => group.displayName === 'Service accounts')
  const bodies: ConditionalAccessPolicy[] = [
    {
      displayName: 'Block legacy authentication',
      state: 'enabled',
      conditions: {
        clientAppTypes: ['exchangeActiveSync', 'other'],
        applications: { includeApplications: ['All'] },
        users: {
          includeUsers: ['All'],
          excludeUsers: emergency,
          excludeGroups: services ? [services.id] : [],
        },
      },
      grantControls: { operator: 'OR', builtInControls: ['block'] },
    },
    {
      displayName: 'Require MFA for administrators',
      state: 'enabled',
      conditions: {
        clientAppTypes: ['all'],
        applications: { includeApplications: ['All'] },
        users: { includeRoles: directory.roles.map((role) => role.templateId), excludeUsers: emergency },
      },
      grantControls: { operator: 'OR', builtInControls: ['mfa'] },
    },
  ]
  return bodies.map((body) => {
    const id = guid(seed, `policy/${body.displayName}`)
    return { id, body: settled({ ...normalPolicy(body), id, createdDateTime, modifiedDateTime: null }) }
  })
}
