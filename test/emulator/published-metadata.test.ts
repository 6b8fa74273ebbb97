import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { mfaPolicy, rentTenant } from './rented-tenant.ts'

// Beside the checkout, where there is one; skipped aloud where there is none.
const BESIDE = new URL('../../../shared/reference/graph-metadata-v1.0.json', import.meta.url)
const METADATA = process.env.WAVEGATE_GRAPH_METADATA ?? fileURLToPath(BESIDE)

interface Type {
  base?: string
  kind: string
  members?: string[]
  properties?: Record<string, { type: string; collection?: boolean }>
}

const types: Record<string, Type> = existsSync(METADATA)
  ? JSON.parse(readFileSync(METADATA, 'utf8')).types
  : {}

function propertyOf(
  type: string | undefined,
  name: string,
): { type: string; collection?: boolean } | undefined {
  if (!type) return undefined
  return types[type]?.properties?.[name] ?? propertyOf(types[type]?.base, name)
}

/** What a body says that Microsoft's metadata does not know. */
function strange(body: unknown, type: string, at = type): string[] {
  const known = types[type]
  if (body === null || !known) return []
  if (known.kind === 'EnumType') return known.members?.includes(String(body)) ? [] : [`${at} is ${body}`]
  return Object.entries(body as object).flatMap(([name, value]) => {
    // Links to other objects are left out of the reduced metadata.
    if (name.startsWith('@') || name === 'authenticationStrength') return []
    const property = propertyOf(type, name)
    if (!property) return [`${at}.${name}`]
    if (Array.isArray(value) !== Boolean(property.collection) && value !== null)
      return [`${at}.${name} is a list or not`]
    return (Array.isArray(value) ? value : [value]).flatMap((one) =>
      strange(one, property.type, `${at}.${name}`),
    )
  })
}

if (!existsSync(METADATA))
  console.warn(`Bodies are not held against Microsoft's metadata: ${METADATA} is absent.`)

test.skipIf(!existsSync(METADATA))('bodies say nothing that Microsoft’s metadata does not know', async () => {
  const { graph, twin, tenant } = await rentTenant()
  const body = mfaPolicy(tenant.world.group('MFA required').id)
  const created = await graph('/v1.0/identity/conditionalAccess/policies', { method: 'POST', body })
  expect(strange(created.body, 'conditionalAccessPolicy')).toEqual([])
  const lists = {
    user: '/v1.0/users?$select=*',
    group: '/v1.0/groups',
    conditionalAccessPolicy: '/v1.0/identity/conditionalAccess/policies',
    userRegistrationDetails: '/v1.0/reports/authenticationMethods/userRegistrationDetails',
    signIn: '/v1.0/auditLogs/signIns',
    subscribedSku: '/v1.0/subscribedSkus',
    organization: '/v1.0/organization',
    directoryRole: '/v1.0/directoryRoles',
  }
  const checked: string[] = []
  for (const [type, path] of Object.entries(lists)) {
    if (!types[type]) continue
    const { value } = (await twin(path)).body
    expect(value.length).toBeGreaterThan(0)
    expect(new Set(value.flatMap((one: unknown) => strange(one, type)))).toEqual(new Set())
    checked.push(type)
  }
  expect(checked).toContain('signIn')
  expect(checked).toContain('user')
})
