import { expect, test } from 'vitest'
import { DAY, HOUR, type RentedTenant, rentTenant, START } from './rented-tenant.ts'

// biome-ignore lint/suspicious/noExplicitAny: rows of Graph as they come
type Row = any

const PATH = '/beta/auditLogs/signIns'
const since = (time: number) => `createdDateTime ge ${new Date(time).toISOString()}`

async function underPerUserMfa(): Promise<RentedTenant> {
  const rented = await rentTenant({ people: 300 })
  const { world } = rented.tenant
  for (const person of world.people) if (person.kind === 'member') world.setPerUserMfa(person.id, 'enforced')
  return rented
}

test('beta says who asked for a second factor, and v1.0 does not', async () => {
  const rented = await underPerUserMfa()
  await rented.pass(DAY)
  const log: Row[] = await rented.all(`${PATH}?$filter=${since(START + HOUR)}`)
  const member = (row: Row) => rented.tenant.world.person(row.userId).kind === 'member'
  const asked = log.filter((row) => member(row) && row.status.additionalDetails)
  expect(asked.length).toBeGreaterThan(20)
  for (const row of asked) {
    expect(row.authenticationRequirement).toBe('multiFactorAuthentication')
    expect(row.authenticationRequirementPolicies).toContainEqual(
      expect.objectContaining({ requirementProvider: 'user' }),
    )
  }
  const guest = log.find((row) => row.userType === 'guest')
  expect(guest.authenticationRequirement).toBe('singleFactorAuthentication')
  const [plain] = (await rented.twin('/v1.0/auditLogs/signIns?$top=1')).body.value
  expect(Object.keys(plain)).not.toContain('authenticationRequirement')
  expect(Object.keys(plain)).not.toContain('signInEventTypes')
})

test('rows can be asked for by their kind', async () => {
  const { graph } = await rentTenant()
  const count = async (filter: string) =>
    (await graph(`${PATH}?$filter=${encodeURIComponent(filter)}`)).body.value?.length
  const all = await count(since(0))
  expect(await count("signInEventTypes/any(t: t eq 'interactiveUser')")).toBe(all)
  expect(await count("(signInEventTypes/any(t:t eq 'nonInteractiveUser'))")).toBe(0)
  expect(await count("authenticationRequirement eq 'singleFactorAuthentication'")).toBeGreaterThan(0)
  expect((await graph("/v1.0/auditLogs/signIns?$filter=signInEventTypes/any(t: t eq 'x')")).status).toBe(400)
  expect(await count("signInEventTypes/any(t: u eq 'x')")).toBe(undefined)
})

test('the report too can be asked by a method', async () => {
  const { graph } = await rentTenant()
  const path = '/v1.0/reports/authenticationMethods/userRegistrationDetails'
  const found = await graph(`${path}?$filter=methodsRegistered/any(m: m eq 'mobilePhone')`)
  expect(found.body.value.length).toBeGreaterThan(0)
  expect(found.body.value.every((row: Row) => row.methodsRegistered.includes('mobilePhone'))).toBe(true)
})

test('details tell the steps; some are wrong at first', async () => {
  const rented = await underPerUserMfa()
  await rented.pass(2 * HOUR)
  const window = `${since(START + HOUR)} and createdDateTime lt ${new Date(START + 2 * HOUR).toISOString()}`
  const read = async (): Promise<Map<string, Row>> => {
    const rows: Row[] = (await rented.twin(`${PATH}?$filter=${window}`)).body.value
    return new Map(rows.map((row) => [row.id, row]))
  }
  const early = await read()
  await rented.pass(4 * HOUR)
  const late = await read()
  const steps = (row: Row) => row.authenticationDetails.map((one: Row) => one.authenticationMethod)
  const completed = [...late.values()].filter(
    (row) => row.status.additionalDetails === 'MFA completed in Azure AD',
  )
  expect(completed.length).toBeGreaterThan(20)
  for (const row of completed) {
    expect(steps(row)[0]).toBe('Password')
    expect(row.authenticationDetails[1]).toMatchObject({
      succeeded: true,
      authenticationStepResultDetail: 'MFA completed in Azure AD',
    })
  }
  const corrected = completed.filter((row) => early.has(row.id) && steps(early.get(row.id)).length === 1)
  expect(corrected.length).toBeGreaterThan(0)
  expect(steps(early.get(corrected[0].id))).toEqual(['Previously satisfied'])
})
