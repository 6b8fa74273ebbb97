import { afterEach, beforeEach, expect, test } from 'vitest'
import { type SimulatedClock, simulatedClock } from '../../src/clock/simulated-clock.ts'
import { startTenant, type Tenant } from '../../src/emulator/tenant.ts'
import { createGraph } from '../../src/graph/client.ts'
import { createDirectory, type Directory } from '../../src/graph/directory/directory.ts'
import { GraphFailure } from '../../src/graph/errors.ts'
import { trust } from '../trust.ts'

const start = Date.UTC(2027, 0, 4, 8)
const verify = { lane: 'verify' } as const
const change = { lane: 'change' } as const

let clock: SimulatedClock
let tenant: Tenant
let directory: Directory

beforeEach(async () => {
  clock = simulatedClock({ start })
  tenant = await startTenant({ clock, people: 60, seed: 7 })
  trust(tenant.ca)
  directory = createDirectory(
    createGraph({
      clock,
      baseUrl: tenant.tenant,
      customHosts: new Set([new URL(tenant.tenant).hostname]),
      credential: { ...tenant, authorityHost: tenant.authority },
    }),
  )
})
afterEach(async () => {
  clock.stop()
  await tenant.close()
})

const people = (count: number) => tenant.world.people.slice(0, count).map(({ id }) => id)
const nobody = '00000000-0000-4000-8000-00000000dead'

test('twenty-five people are read, each with the state the tenant has, within the limit of the reports', async () => {
  const ids = people(25)
  const found = await directory.readPerUserMfa([...ids, nobody, ids[0] as string], verify)
  expect([...found.keys()]).toEqual([...ids, nobody])
  for (const { id, perUserMfa } of tenant.world.people.slice(0, 25)) {
    expect(found.get(id)).toEqual({ state: perUserMfa })
  }
  expect(found.get(nobody)).toMatchObject({ failure: { kind: 'notFound' } })
  // Six times four, and two more.
  expect(clock.now() - start).toBe(60_000)
})

test('states are set, each with its receipt; the journal has the receipt’s id', async () => {
  const ids = people(6)
  const set = await directory.setPerUserMfa(
    [...ids, nobody].map((id) => ({ id, state: 'enforced' })),
    change,
  )
  expect(set.get(nobody)).toMatchObject({ kind: 'notFound' })
  const receipts = ids.map((id) => set.get(id))
  for (const receipt of receipts) expect(receipt).not.toBeInstanceOf(GraphFailure)
  const changed = tenant.world.journal.entries.filter(({ target }) => target.endsWith('requirements'))
  for (const { requestId, target } of changed) {
    const id = target.split('/')[1] as string
    expect(set.get(id)).toMatchObject({ clientRequestId: requestId })
  }
  expect(tenant.world.people.slice(0, 6).map(({ perUserMfa }) => perUserMfa)).toEqual(
    Array(6).fill('enforced'),
  )
})

test('a state that is missing, unknown or not answered is unreadable, never disabled', async () => {
  const ids = people(4)
  const fault = { method: 'GET', path: 'requirements', times: 1 }
  tenant.addFault({ ...fault, do: { kind: 'status', status: 200, body: {} } })
  tenant.addFault({
    ...fault,
    do: { kind: 'status', status: 200, body: { perUserMfaState: 'unknownFutureValue' } },
  })
  tenant.addFault({ ...fault, do: { kind: 'resetBefore' } })
  tenant.addFault({ ...fault, do: { kind: 'status', status: 403, code: 'accessDenied' } })
  const found = await directory.readPerUserMfa(ids, verify)
  expect(ids.map((id) => found.get(id))).toMatchObject([
    { failure: { kind: 'unreadable' } },
    { failure: { kind: 'unreadable' } },
    { failure: { kind: 'unreadable' } },
    { failure: { kind: 'forbidden', permission: 'Policy.Read.All' } },
  ])
})

test('another application uses the bucket up: all are read in the end, however the tenant tells of a throttled batch', async () => {
  for (const shape of ['inner429', 'inner424', 'outer424'] as const) {
    tenant.world.setBatchThrottling(shape)
    tenant.addFault({
      method: 'GET',
      path: 'requirements',
      after: 1,
      times: 2,
      do: { kind: 'status', status: 429 },
    })
    const ids = people(5)
    const found = await directory.readPerUserMfa(ids, verify)
    expect(ids.map((id) => 'state' in (found.get(id) ?? {}))).toEqual(Array(5).fill(true))
  }
})

test('a write of a batch whose answer is lost has an unknown effect, and did happen', async () => {
  const [a, b] = people(2) as [string, string]
  tenant.addFault({ method: 'PATCH', path: `${a}/authentication`, times: 1, do: { kind: 'resetAfter' } })
  const set = await directory.setPerUserMfa(
    [a, b].map((id) => ({ id, state: 'enforced' as const })),
    change,
  )
  expect(set.get(a)).toMatchObject({ kind: 'unknownEffect' })
  expect(set.get(b)).not.toBeInstanceOf(GraphFailure)
  expect(tenant.world.people[0]?.perUserMfa).toBe('enforced')
  await expect(
    directory.setPerUserMfa(
      [a, a].map((id) => ({ id, state: 'disabled' as const })),
      change,
    ),
  ).rejects.toThrow(RangeError)
})
