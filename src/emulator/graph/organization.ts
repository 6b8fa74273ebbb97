import type { Organization, SubscribedSku } from '@microsoft/microsoft-graph-types'
import type { GraphRoute } from './route.ts'
import { AAD_PREMIUM } from './user-body.ts'

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
      const sku: SubscribedSku = {
        id: `${call.settings.tenantId}_078d2b04-f1bd-4111-bbd4-b4b1b354cef4`,
        skuId: '078d2b04-f1bd-4111-bbd4-b4b1b354cef4',
        skuPartNumber: 'AAD_PREMIUM',
        appliesTo: 'User',
        capabilityStatus: 'Enabled',
        consumedUnits: licensed,
        prepaidUnits: { enabled: licensed + 25, suspended: 0, warning: 0, lockedOut: 0 },
        servicePlans: [
          {
            servicePlanId: AAD_PREMIUM,
            servicePlanName: 'AAD_PREMIUM',
            provisioningStatus: 'Success',
            appliesTo: 'User',
          },
        ],
      }
      const value = call.settings.premium ? [sku] : []
      return { status: 200, body: { '@odata.context': `${call.base}/$metadata#subscribedSkus`, value } }
    },
  },
]
