import tls from 'node:tls'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type SimulatedClock, simulatedClock } from '../../src/clock/simulated-clock.ts'
import { startTenant, type Tenant } from '../../src/emulator/tenant.ts'
import { createGraph } from '../../src/graph/client.ts'
import { createDirectory, type Directory } from '../../src/graph/directory/directory.ts'
import type { PhoneChange } from '../../src/graph/directory/phones.ts'
import { phonePreload, wantedPhone } from '../../src/methods/phone-preload.ts'

const start = Date.UTC(2027, 0, 4, 8)
const verify = { lane: 'verify' } as const
const change = { lane: 'change' } as const
const restore = { lane: 'restore' } as const

let clock: SimulatedClock
let tenant: Tenant
let directory: Directory

beforeEach(async () => {
  clock = simulatedClock({ start })
  tenant = await startTenant({ clock, people: 60, seed: 7 })
  tls.setDefaultCACertificates([...tls.getCACertificates('default'), tenant.ca])
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

const pass = (ms: number) => clock.patiently(() => clock.sleep(ms))
const without = () => tenant.world.people.filter((one) => one.phones.lines[0]?.value.mobile === undefined)
const bare = (count: number) =>
  without()
    .slice(3, 3 + count)
    .map(({ id }) => id)
const first = (id: string, number: string): PhoneChange => ({ id, type: 'mobile', number, replaces: false })
const shown = async (id: string) => {
  await pass(60_000)
  const one = (await directory.readPhones([id], verify)).get(id)
  return one && 'phones' in one ? one.phones : one?.failure.kind
}
const nobody = '00000000-0000-4000-8000-00000000dead'

test('twenty numbers are registered under the limit of five in ten seconds, each with its receipt', async () => {
  const ids = bare(20)
  const began = clock.now()
  const set = await directory.setPhones(
    ids.map((id, place) => first(id, `+45 ${20000000 + place}`)),
    change,
  )
  expect([...set.values()].every((one) => 'requestId' in one && !('kind' in one))).toBe(true)
  // Four a window of ten seconds: four fifths of Microsoft's five.
  expect(clock.now() - began).toBeGreaterThanOrEqual(40_000)
  expect(await shown(ids[7] as string)).toEqual({ mobile: '+45 20000007' })
  expect(await shown(nobody)).toBe('notFound')
})

test('a 409 that registered the number all the same is a success, whoever shares it', async () => {
  const [one, other] = bare(2) as [string, string]
  tenant.world.setPhone(one, 'mobile', '+45 12345678')
  const set = await directory.setPhones([first(other, '+45 12345678')], change)
  const answer = set.get(other)
  // As long as it does not show yet, nobody can say.
  if (answer && 'kind' in answer) expect(answer.kind).toBe('unknownEffect')
  expect(await shown(other)).toEqual({ mobile: '+45 12345678' })
})

test('a number that is there already is a success; another one there is a refusal, and stays', async () => {
  const [same, different] = bare(2) as [string, string]
  tenant.world.setPhone(same, 'mobile', '+45 12345678')
  tenant.world.setPhone(different, 'mobile', '+45 87654321')
  await pass(60_000)
  const set = await directory.setPhones(
    [first(same, '+4512345678'), first(different, '+45 11111111'), first(nobody, '+45 22222222')],
    change,
  )
  expect(set.get(same)).not.toHaveProperty('kind')
  expect(set.get(different)).toMatchObject({ kind: 'badRequest' })
  expect(set.get(nobody)).toMatchObject({ kind: 'notFound' })
  expect(await shown(different)).toEqual({ mobile: '+45 87654321' })
})

test('a number to be replaced that has gone is a conflict, not a person who has gone', async () => {
  const [id] = bare(1) as [string]
  const set = await directory.setPhones([{ ...first(id, '+45 12345678'), replaces: true }], change)
  expect(set.get(id)).toMatchObject({ kind: 'conflict' })
})

test('a preload adds and replaces, and its undo deletes what it added and brings back what gave way', async () => {
  const [added, replaced, foreign] = bare(3) as [string, string, string]
  tenant.world.setPhone(replaced, 'mobile', '+45 87654321')
  tenant.world.setPhone(replaced, 'alternateMobile', '+45 55555555')
  await pass(60_000)
  const wanted = new Map(
    [added, replaced, foreign].map((id, n) => [id, wantedPhone(`+45 1234567${n}`, { replaces: true })]),
  )
  const preload = phonePreload(directory, 'mobile', wanted)
  const before = await preload.read([...wanted.keys()], verify)
  expect(before.get(replaced)).toEqual({
    ...{ mobile: '+45 87654321', alternateMobile: '+45 55555555', office: '' },
    ...{ wanted: '+45 12345671', isWanted: false },
  })
  await preload.apply([...wanted.keys()], 'registered', change)
  await pass(60_000)
  const after = await preload.read([...wanted.keys()], verify)
  for (const image of after.values()) {
    if (image instanceof Error) throw image
    expect(preload.reached(image, 'registered')).toBe(true)
  }
  tenant.world.setPhone(foreign, 'mobile', '+45 99999999')
  await pass(60_000)
  // An undo long after: of the wanted numbers only the record tells.
  const undo = phonePreload(directory, 'mobile', new Map())
  const now = await undo.read([...wanted.keys()], verify)
  const images = [added, replaced, foreign].map((id) => [id, now.get(id), before.get(id)] as const)
  const isForeign = images.map(([, is, was]) => {
    if (!is || !was || is instanceof Error || was instanceof Error) throw new Error('not read')
    return undo.isForeign?.(is, was)
  })
  expect(isForeign).toEqual([false, false, true])
  const ours = new Map(
    [added, replaced].map((id) => [id, before.get(id) as Record<string, string | boolean>]),
  )
  await undo.restore(ours, restore)
  await pass(60_000)
  const ends = await undo.read([added, replaced], verify)
  for (const [id, was] of ours) {
    const is = ends.get(id)
    if (!is || is instanceof Error) throw new Error('not read')
    expect(undo.back(is, was)).toBe('restored')
  }
  expect(await shown(added)).toEqual({})
  expect(await shown(replaced)).toEqual({ mobile: '+45 87654321', alternateMobile: '+45 55555555' })
})

test('a number that somebody is asked by first stays, and that is said', async () => {
  const [id] = bare(1) as [string]
  const preload = phonePreload(
    directory,
    'mobile',
    new Map([[id, wantedPhone('+45 12345678', { replaces: false })]]),
  )
  const before = (await preload.read([id], verify)).get(id) as Record<string, string | boolean>
  await preload.apply([id], 'registered', change)
  tenant.world.setDefaultPhone(id, true)
  await pass(60_000)
  await preload.read([id], verify)
  const answers = await preload.restore(new Map([[id, before]]), restore)
  expect(answers.get(id)).toMatchObject({
    kind: 'badRequest',
    message: expect.stringContaining('the person is asked by it first'),
  })
})

test('a number that is to be kept is kept, also when it came between the look and the change', async () => {
  const [id] = bare(1) as [string]
  const preload = phonePreload(
    directory,
    'mobile',
    new Map([[id, wantedPhone('+45 12345678', { replaces: false })]]),
  )
  await preload.read([id], verify)
  tenant.world.setPhone(id, 'mobile', '+45 87654321')
  await pass(60_000)
  await preload.read([id], verify)
  const answers = await preload.apply([id], 'registered', change)
  expect(answers.get(id)).toMatchObject({ kind: 'badRequest' })
  expect(await shown(id)).toEqual({ mobile: '+45 87654321' })
})

test('the policy of methods says who may be asked by phone', async () => {
  tenant.world.setPhonePolicy({ voice: true, smsIsUsableForSignIn: false })
  const { migration, methods } = await directory.readMethodsPolicy(verify)
  expect(migration).toBe('migrationComplete')
  expect(methods.find(({ id }) => id === 'Sms')).toMatchObject({
    state: 'enabled',
    includeTargets: [{ id: 'all_users', isUsableForSignIn: false }],
  })
  const contacts = await directory.listContacts(verify)
  expect(contacts).toHaveLength(tenant.world.people.length)
  expect(contacts.some(({ manager }) => manager?.id)).toBe(true)
})
