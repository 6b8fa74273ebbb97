import type { ConditionalAccessPolicy } from '@microsoft/microsoft-graph-types'
import { settled } from '../lagged.ts'
import { guid } from '../random.ts'
import type { Scenario } from '../scenario.ts'
import type { Directory, Policy } from './directory.ts'
import { normalPolicy } from './policy-body.ts'

/** The policy of another hand that keeps one department out. */
export const BLOCKING = 'Block unmanaged devices in Logistics'

/** The policies somebody made long before: legacy protocols are blocked, administrators need MFA. */
export function firstPolicies(
  seed: number,
  directory: Directory,
  createdDateTime: string,
  scenario: Scenario,
): Policy[] {
  if (scenario === 'no-p1') return []
  const emergency = directory.people
    .filter((person) => person.kind === 'emergency')
    .map((person) => person.id)
  const groups = [...directory.groups.values()]
  const group = (name: string) => groups.filter((one) => one.displayName === name).map((one) => one.id)
  const applications = { includeApplications: ['All'] }
  const bodies: ConditionalAccessPolicy[] = [
    {
      displayName: 'Block legacy authentication',
      state: scenario === 'legacy-clients' ? 'enabledForReportingButNotEnforced' : 'enabled',
      conditions: {
        clientAppTypes: ['exchangeActiveSync', 'other'],
        applications,
        users: { includeUsers: ['All'], excludeUsers: emergency, excludeGroups: group('Service accounts') },
      },
      grantControls: { operator: 'OR', builtInControls: ['block'] },
    },
    {
      displayName: 'Require MFA for administrators',
      state: 'enabled',
      conditions: {
        clientAppTypes: ['all'],
        applications,
        users: { includeRoles: directory.roles.map((role) => role.templateId), excludeUsers: emergency },
      },
      grantControls: { operator: 'OR', builtInControls: ['mfa'] },
    },
  ]
  // Security defaults and enabled policies exclude each other.
  if (scenario === 'security-defaults') for (const body of bodies) body.state = 'disabled'
  if (scenario === 'half-done') {
    bodies.push({
      displayName: 'Require MFA (wavegate)',
      description: 'Made by hand in spring',
      state: 'enabled',
      conditions: {
        clientAppTypes: ['all'],
        applications,
        users: {
          includeGroups: group('MFA required'),
          excludeUsers: emergency,
          excludeGroups: group('Service accounts'),
        },
      },
      grantControls: { operator: 'OR', builtInControls: ['mfa'] },
    })
  }
  if (scenario === 'other-policy') {
    bodies.push({
      displayName: BLOCKING,
      state: 'disabled',
      conditions: { clientAppTypes: ['all'], applications, users: { includeGroups: group('Logistics') } },
      grantControls: { operator: 'OR', builtInControls: ['block'] },
    })
  }
  return bodies.map((body) => {
    const id = guid(seed, `policy/${body.displayName}`)
    return { id, body: settled({ ...normalPolicy(body), id, createdDateTime, modifiedDateTime: null }) }
  })
}
