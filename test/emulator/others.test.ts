import { expect, test } from 'vitest'
import { rentTenant } from './rented-tenant.ts'

const policies = '/v1.0/identity/conditionalAccess/policies'

test('another application takes its part of a limit: of the one call a second, and of the five in ten', async () => {
  const rented = await rentTenant()
  const refusedOf = async (path: string, every: number, calls: number) => {
    let refused = 0
    for (let call = 0; call < calls; call++) {
      const { status, headers } = await rented.graph(path)
      if (status === 429) refused++
      expect(headers.get('retry-after') === null || path !== policies).toBe(true)
      await rented.pass(every)
    }
    return refused
  }
  expect(await refusedOf(policies, 1_100, 20)).toBe(0)
  rented.tenant.world.setOtherLoad({ conditionalAccess: 0.5 })
  const some = await refusedOf(policies, 1_100, 20)
  expect(some).toBeGreaterThan(1)
  expect(some).toBeLessThan(17)
  rented.tenant.world.setOtherLoad({ reports: 4 })
  expect(await refusedOf('/v1.0/auditLogs/signIns?$top=1', 5_000, 20)).toBeLessThan(5)
  expect(await refusedOf('/v1.0/auditLogs/signIns?$top=1', 2_000, 20)).toBeGreaterThan(5)
  rented.tenant.world.setOtherLoad({})
  expect(await refusedOf(policies, 1_100, 20)).toBe(0)
})
