import type { Organization } from '@microsoft/microsoft-graph-types'
import { subscriptions } from './plans.ts'
import type { GraphRoute } from './route.ts'

export const ORGANIZATION_ROUTES: GraphRoute[] = [
  {
    method: 'GET',
    path: '/organization',
    bucket: 'directory',
    permissions: [['Organization.Read.All', 'Directory.Read.All', 'User.Read.All']],
    answer(call) {
      const organization: Organization = {
        id: call.settings.tenantId,
        displayName: 'Contoso',
        countryLetterCode: 'DE',
        tenantType: 'AAD',
        onPremisesSyncEnabled: true,
        verifiedDomains: [
          {
            name: 'contoso.com',
            type: 'Managed',
            isDefault: true,
            isInitial: false,
            capabilities: 'Email, OfficeCommunicationsOnline',
          },
          {
            name: 'contoso.onmicrosoft.com',
            type: 'Managed',
            isDefault: false,
            isInitial: true,
            capabilities: 'Email, OfficeCommunicationsOnline',
          },
        ],
      }
      return {
        status: 200,
        body: { '@odata.context': `${call.base}/$metadata#organization`, value: [organization] },
      }
    },
  },
  {
    method: 'GET',
    path: '/subscribedSkus',
    bucket: 'directory',
    units: 3,
    permissions: [['LicenseAssignment.Read.All', 'Organization.Read.All', 'Directory.Read.All']],
    answer(call) {
      const licensed = call.world.directory.people.filter(
        (person) => person.licensed && !person.deleted,
      ).length
      const value = subscriptions(call.settings, licensed)
      return { status: 200, body: { '@odata.context': `${call.base}/$metadata#subscribedSkus`, value } }
    },
  },
]
