import type { AssignedPlan, SubscribedSku } from '@microsoft/microsoft-graph-types'
import type { TenantSettings } from './route.ts'

// The same in every tenant of the world.
const AAD_PREMIUM = '41781fb2-bc02-4b7c-bd55-b576c07bb09d'
const AAD_PREMIUM_P2 = 'eec0eb4f-6444-4f95-aba0-50c24d67f998'
const EXCHANGE = 'efb87545-963c-4e0d-99df-69c6916d9eb0'

interface Product {
  skuId: string
  name: string
  plan: { id: string; name: string; service: string }
}

const OFFICE: Product = {
  skuId: '6fd2c87f-b296-42f0-b197-1e91e994b900',
  name: 'ENTERPRISEPACK',
  plan: { id: EXCHANGE, name: 'EXCHANGE_S_ENTERPRISE', service: 'exchange' },
}
const P1: Product = {
  skuId: '078d2b04-f1bd-4111-bbd4-b4b1b354cef4',
  name: 'AAD_PREMIUM',
  plan: { id: AAD_PREMIUM, name: 'AAD_PREMIUM', service: 'AADPremiumService' },
}
const P2: Product = {
  skuId: '84a661c4-e949-4bd2-a560-ed7766fcaf2b',
  name: 'AAD_PREMIUM_P2',
  plan: { id: AAD_PREMIUM_P2, name: 'AAD_PREMIUM_P2', service: 'AADPremiumService' },
}

function products(settings: TenantSettings): Product[] {
  return [...(settings.premium ? [P1] : []), ...(settings.premiumP2 ? [P2] : []), OFFICE]
}

/** What somebody with a licence has. */
export function licencesOf(settings: TenantSettings) {
  return products(settings).map(({ skuId }) => ({ skuId, disabledPlans: [] }))
}

export function plansOf(settings: TenantSettings, assignedDateTime: string): AssignedPlan[] {
  return products(settings).map(({ plan }) => ({
    assignedDateTime,
    capabilityStatus: 'Enabled',
    service: plan.service,
    servicePlanId: plan.id,
  }))
}

/** What the tenant has bought: a few seats more than it uses. */
export function subscriptions(settings: TenantSettings, used: number): SubscribedSku[] {
  return products(settings).map(({ skuId, name, plan }) => ({
    id: `${settings.tenantId}_${skuId}`,
    skuId,
    skuPartNumber: name,
    appliesTo: 'User',
    capabilityStatus: 'Enabled',
    consumedUnits: used,
    prepaidUnits: { enabled: used + 25, suspended: 0, warning: 0, lockedOut: 0 },
    servicePlans: [
      {
        servicePlanId: plan.id,
        servicePlanName: plan.name,
        provisioningStatus: 'Success',
        appliesTo: 'User',
      },
    ],
  }))
}
