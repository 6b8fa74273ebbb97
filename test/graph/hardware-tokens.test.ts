import tls from 'node:tls'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type SimulatedClock, simulatedClock } from '../../src/clock/simulated-clock.ts'
import { latest } from '../../src/emulator/lagged.ts'
import { startTenant, type Tenant } from '../../src/emulator/tenant.ts'
import { createGraph } from '../../src/graph/client.ts'
import { createDirectory, type Directory } from '../../src/graph/directory/directory.ts'
import type { NewHardwareToken } from '../../src/graph/directory/hardware-tokens.ts'
import { GraphFailure } from '../../src/graph/errors.ts'
import type { GraphClock } from '../../src/graph/graph-clock.ts'
import { hardwareToken, type TokenSecrets, wantedToken } from '../../src/methods/hardware-token.ts'
import { tokenCode, untilNextCode } from '../../src/prepare/token-code.ts'

const start = Date.UTC(2027, 0, 4, 8)
const change = { lane: 'change' } as const
const INVENTORY = 'hardwareOathDevices$'
/** Microsoft's clock is ahead of ours by more than a code is good for. */
const AHEAD = 4 * 60_000

let clock: SimulatedClock
let tenant: Tenant
let directory: Directory
let graphClock: GraphClock

beforeEach(async () => {
  clock = simulatedClock({ start })
  tenant = await startTenant({ clock: { ...clock, now: () => clock.now() + AHEAD }, people: 40, seed: 7 })
  tls.setDefaultCACertificates([...tls.getCACertificates('default'), tenant.ca])
  const graph = createGraph({
    clock,
    baseUrl: tenant.tenant,
    customHosts: new Set([new URL(tenant.tenant).hostname]),
    credential: { ...tenant, authorityHost: tenant.authority },
  })
  directory = createDirectory(graph)
  graphClock = graph.graphClock
})
afterEach(async () => {
  clock.stop()
  await tenant.close()
})

const pass = (ms: number) => clock.patiently(() => clock.sleep(ms))
const token = (number: number): NewHardwareToken => ({
  serial: `T${number}`,
  ...{ manufacturer: 'Contoso', model: 'One', seconds: 30, hash: 'hmacsha1' },
  secret: `GEZDGNBVGY3TQOJQGEZDGNBVGY3TQO${'ABCDEFGH'[number % 8]}Q`,
})
const states = () =>
  tenant.world.tokens.flatMap(({ serialNumber, state }) => {
    const now = latest(state)
    return now === null ? [] : [`${serialNumber} ${now.status}`]
  })
const people = (count: number) =>
  tenant.world.people
    .filter(({ kind }) => kind === 'member')
    .slice(0, count)
    .map(({ id }) => id)

/** Secrets of these tokens, with codes by Microsoft's clock; `stale` codes are of a while before. */
function secretsOf(tokens: readonly NewHardwareToken[], stale: () => number = () => 0): TokenSecrets {
  const now = () => clock.now() + (graphClock.reading()?.skew ?? 0)
  return {
    file: 'sha256:0',
    open: async (serials) =>
      new Map(tokens.filter(({ serial }) => serials.includes(serial)).map((one) => [one.serial, one])),
    code: (one) => tokenCode(one, now() - stale()),
    nextCode: (one, signal) => clock.sleep(untilNextCode(one, now()) + 500, signal),
    fail: (kind, message) => new GraphFailure({ kind, message }),
  }
}

const wishes = (ids: readonly string[], tokens: readonly NewHardwareToken[]) =>
  new Map(ids.map((id, place) => [id, wantedToken(tokens[place]?.serial as string)]))

test('codes are made by Microsoft’s clock, each when it is sent, however long the line is', async () => {
  const ids = people(10)
  const tokens = ids.map((_, place) => token(place))
  const given = hardwareToken(directory, secretsOf(tokens), wishes(ids, tokens))
  expect((await given.read(ids, change)).size).toBe(10)
  await given.apply(ids, 'inInventory', change)
  await pass(60_000)
  for (const image of (await given.read(ids, change)).values())
    expect(image).toMatchObject({ isThere: true, isWanted: false, isKept: true })
  const began = clock.now()
  const answers = await given.apply(ids, 'activated', change)
  expect([...answers.values()].filter((answer) => answer instanceof GraphFailure)).toEqual([])
  // Four in ten seconds: the last codes are of other moments than the first.
  expect(clock.now() - began).toBeGreaterThanOrEqual(20_000)
  expect(states().every((one) => one.endsWith('activated'))).toBe(true)
})

test('a code that was stale on arrival is followed by the next, and activates', async () => {
  const ids = people(1)
  const tokens = [token(0)]
  let asked = 0
  const secrets = secretsOf(tokens, () => (asked++ === 0 ? 10 * 60_000 : 0))
  const given = hardwareToken(directory, secrets, wishes(ids, tokens))
  await given.apply(ids, 'inInventory', change)
  await pass(60_000)
  await given.read(ids, change)
  const answer = (await given.apply(ids, 'activated', change)).get(ids[0] as string)
  expect(answer).not.toBeInstanceOf(GraphFailure)
  expect(states()).toEqual(['T0 activated'])
  const seen = tenant.world.journal.entries.map(({ after }) => (after as { status: string }).status)
  expect(seen).toEqual(['available', 'failedActivation', 'activated'])
})

test.each([404, 405])('where PATCH answers %i the tokens go by POST, all with one call', async (status) => {
  tenant.addFault({ method: 'PATCH', path: INVENTORY, do: { kind: 'status', status } })
  const tokens = [token(0), token(1)]
  const answers = await directory.addHardwareTokens(tokens, change)
  expect([...answers.values()].filter((answer) => answer instanceof GraphFailure)).toEqual([])
  expect(states()).toEqual(['T0 available', 'T1 available'])
  expect(new Set(tenant.world.journal.entries.map(({ requestId }) => requestId)).size).toBe(1)
})

test('one that the tenant does not take keeps no other out, and each has an outcome of its own', async () => {
  const tokens = [token(0), { ...token(1), secret: 'GEZDGNBV' }, token(2)]
  const answers = await directory.addHardwareTokens(tokens, change)
  expect(answers.get('T0')).not.toBeInstanceOf(GraphFailure)
  expect(answers.get('T1')).toMatchObject({ kind: 'badRequest' })
  expect(answers.get('T2')).not.toBeInstanceOf(GraphFailure)
  expect(JSON.stringify([...answers.values()].map(String))).not.toContain('GEZDGNBV')
  expect(states()).toEqual(['T0 available', 'T2 available'])
})

test('a call whose fate nobody knows is not sent again another way', async () => {
  tenant.addFault({ method: 'PATCH', path: INVENTORY, times: 1, do: { kind: 'statusAfter', status: 504 } })
  const answers = await directory.addHardwareTokens([token(0)], change)
  expect(answers.get('T0')).toMatchObject({ kind: 'unknownEffect' })
  expect(states()).toEqual(['T0 available'])
})
