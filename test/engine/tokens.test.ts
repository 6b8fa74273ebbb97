import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import type { NewToken } from '../../src/emulator/directory/hardware-tokens.ts'
import { latest } from '../../src/emulator/lagged.ts'
import { joined, members, readyPeople } from './journal.ts'
import { gates, planText, TEST_USER } from './plan-of-waves.ts'
import { ANDERS, DAY, HOUR, METTE, ONA, openRig, type Rig } from './rig.ts'

const HEAD = 'upn,serial number,secret key,time interval,manufacturer,model,hash function'
const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'

/** A secret of its own for each. */
const secretOf = (number: number) =>
  Array.from({ length: 32 }, (_, place) => LETTERS[(number * 7 + place * (number + 3)) % 32]).join('')

interface Listed {
  who: string
  serial: string
  secret: string
  seconds: 30 | 60
  hash: 'sha1' | 'sha256'
}

const upnOf = (rig: Rig, who: string) =>
  who.includes('@') ? who : rig.tenant.world.person(who).userPrincipalName

function listOf(rig: Rig, tokens: readonly Listed[]): string {
  const rows = tokens.map(({ who, serial, secret, seconds, hash }) =>
    [upnOf(rig, who), serial, secret, seconds, 'Contoso', 'Token 1000', hash].join(','),
  )
  return [HEAD, ...rows].join('\r\n')
}

function listed(who: string, number: number, more: Partial<Listed> = {}): Listed {
  return { who, serial: `GALT${1000 + number}`, secret: secretOf(number), seconds: 30, hash: 'sha1', ...more }
}

async function received(rig: Rig, text: string) {
  async function* bytes() {
    yield Buffer.from(text)
  }
  return await rig.wavegate.service.uploadHardwareTokens(METTE, { name: 'tokens.csv', bytes: bytes() })
}

async function drafted(rig: Rig, pilot: readonly string[], digest: string) {
  const waves = [
    { name: 'test-user', members: { users: [TEST_USER] } },
    { name: 'pilot', members: { users: [...pilot] } },
  ]
  const prepare = { tokens: { from: 'tokens.csv' } }
  const text = planText({ waves, prepare, gates: gates({ soak: { for: '24h' } }) })
  const made = await rig.answer(() =>
    rig.wavegate.service.createRollout(METTE, text, undefined, { 'tokens.csv': digest }),
  )
  await rig.show(made.rollout.id)
  return { id: made.rollout.id, warnings: made.warnings }
}

async function begun(rig: Rig, id: string): Promise<void> {
  await rig.act(ANDERS, 'approve', id)
  await rig.act(METTE, 'start', id)
}

/** People without any method, so that a token is all they can be asked by. */
function bare(rig: Rig, count: number): string[] {
  const ids = readyPeople(rig, count)
  for (const id of [...ids, TEST_USER]) rig.tenant.world.setMethods(id, [])
  return ids
}

/** What the inventory holds under a number, as it was written last. */
function tokens(rig: Rig, serial: string) {
  return rig.tenant.world.tokens.flatMap((token) => {
    const state = latest(token.state)
    return token.serialNumber === serial && state !== null ? [state] : []
  })
}

const anothers = (serial: string, number: number): NewToken => ({
  serialNumber: serial,
  ...{ manufacturer: 'Contoso', model: 'Token 1000', secretKey: secretOf(number), displayName: null },
  ...{ timeIntervalInSeconds: 30, hashFunction: 'hmacsha1' },
})

/** Everything that lies on the disk beside the database. */
function onDisk({ config }: Rig): string {
  const folder = dirname(config.db)
  return readdirSync(folder)
    .filter((name) => /\.db(-wal|-shm)?$/.test(name))
    .map((name) => readFileSync(join(folder, name), 'latin1'))
    .join()
}

test('a token is given, activated and enough to be enforced by; its secret is nowhere, and sealed no longer than it takes', async () => {
  const log: string[] = []
  const rig = await openRig({ people: 40, log })
  const { world } = rig.tenant
  world.setTokenPolicy({ isEnabled: true })
  const [slow] = bare(rig, 1) as [string]
  await rig.pass(6 * 3_600_000)
  const list = [listed(TEST_USER, 1), listed(slow, 2, { seconds: 60, hash: 'sha256' })]
  const { created, list: view } = await received(rig, listOf(rig, list))
  expect([created, view]).toMatchObject([true, { tokens: 2, secretsKept: 2, findings: [] }])
  const sealed = (await rig.wavegate.store.read.tokensOf(view.digest)).map((token) => token.sealed as string)
  const { id, warnings } = await drafted(rig, [slow], view.digest)
  expect(warnings.filter(({ code }) => code.startsWith('csv'))).toEqual([])
  const dryStart = await rig.act(METTE, 'start', id, { dryRun: true }).catch((error) => error)
  await begun(rig, id)
  // Each is active within the hour of their wave's beginning, the report hours behind; the later wave ahead of its turn.
  const began = rig.now()
  await rig.until('wave.enforcing', 'test-user')
  expect(rig.now() - began).toBeLessThan(3_600_000)
  await rig.until('prepare.done', 'pilot')
  expect(joined(rig)).not.toContain(slow)
  expect(tokens(rig, 'GALT1002')).toEqual([{ status: 'activated', assignedTo: slow }])
  const { service } = rig.wavegate
  expect((await service.hardwareTokens(view.digest)).secretsKept).toBe(0)
  await rig.until('wave.soaking', 'pilot')
  expect(members(rig)).toContain(slow)

  const dry = await rig.act(ONA, 'rollback', id, { dryRun: true, withPreparation: true })
  expect(dry.says).toContain('stays in the tenant’s inventory')
  await rig.act(ONA, 'rollback', id, { withPreparation: true })
  expect((await rig.ended(id)).state).toBe('rolledBack')
  for (const { serial } of list)
    expect(tokens(rig, serial)).toEqual([{ status: 'available', assignedTo: null }])
  const card = await service.member(id, slow)
  expect(card.preparations).toMatchObject([{ step: 'tokens', outcome: 'done', restore: 'restored' }])

  const told = [rig.events, card, view, dryStart, await service.showRollout(id), await service.explain(id)]
  const everywhere = [onDisk(rig), log.join(), JSON.stringify(told), JSON.stringify(world.journal.entries)]
  for (const { secret } of list) for (const text of everywhere) expect(text).not.toContain(secret)
  expect(onDisk(rig)).toContain('GALT1002')
  // Only with the list could they be active again; it comes again, and what is wanted is sealed anew.
  const again = await received(rig, listOf(rig, list))
  expect([again.created, again.list.secretsKept]).toEqual([false, 2])
  // What was wiped is overwritten, in the seal it had.
  await rig.stop()
  expect(sealed).toHaveLength(2)
  for (const one of sealed) expect(onDisk(rig)).not.toContain(one)
})

test('what stands in the inventory is taken for what it is, and nobody gets what is not clearly theirs', async () => {
  const rig = await openRig({ people: 60 })
  const { world } = rig.tenant
  world.setTokenPolicy({ isEnabled: true })
  const ids = bare(rig, 8)
  const [there, twice, active, held, wrong, bad, one, two] = ids as [
    string,
    string,
    string,
    string,
    string,
    string,
    string,
    string,
  ]
  const list = ids.map((who, place) => listed(who, 11 + place))
  const [, , , , , ofBad, ofOne, ofTwo] = list as [
    Listed,
    Listed,
    Listed,
    Listed,
    Listed,
    Listed,
    Listed,
    Listed,
  ]
  ofBad.secret = 'not base32 at all!'
  ofTwo.serial = ofOne.serial
  world.addToken(anothers('GALT1011', 11))
  world.addToken(anothers('GALT1012', 12))
  world.addToken(anothers('GALT1012', 12))
  world.setToken(world.addToken(anothers('GALT1013', 13)), { status: 'activated', assignedTo: active })
  world.setToken(world.addToken(anothers('GALT1014', 14)), { status: 'assigned', assignedTo: bad })
  world.addToken(anothers('GALT1015', 99))
  await rig.pass(6 * 3_600_000)
  const own = listed(TEST_USER, 1)
  const nobody = listed('nobody@contoso.com', 2)
  const { list: view } = await received(rig, listOf(rig, [own, ...list, nobody]))
  expect(view.findings.map(({ line, code }) => [line, code])).toEqual([
    [8, 'csvTokenUnusable'],
    [9, 'csvTokenTwice'],
    [10, 'csvTokenTwice'],
  ])
  const { id, warnings } = await drafted(rig, ids, view.digest)
  expect(warnings.filter(({ code }) => code === 'csvPersonMissing')).toMatchObject([
    { severity: 'warning', path: 'prepare.tokens.from' },
  ])
  await begun(rig, id)
  await rig.until('wave.checkingReadiness', 'pilot')
  const outcome = async (who: string) => {
    const [found] = (await rig.wavegate.service.member(id, who)).preparations
    return [found?.outcome, found?.reason]
  }
  expect(await outcome(there)).toEqual(['done', null])
  expect(await outcome(twice)).toEqual(['done', null])
  expect(await outcome(active)).toEqual(['already', 'so before us'])
  expect(await outcome(held)).toEqual(['needs', 'token GALT1014 is somebody else’s in the inventory'])
  expect(await outcome(wrong)).toEqual([
    'failed',
    expect.stringContaining('refused the codes of two intervals'),
  ])
  expect(await outcome(bad)).toEqual(['needs', expect.stringContaining('line 8 of the list: The secret key')])
  for (const who of [one, two]) expect((await outcome(who))[0]).toBe('needs')
  // Given, refused, and nobody's again.
  expect(tokens(rig, 'GALT1015')).toEqual([{ status: 'available', assignedTo: null }])
  expect(
    tokens(rig, 'GALT1012')
      .map(({ status }) => status)
      .toSorted(),
  ).toEqual(['activated', 'available'])
  await rig.act(ONA, 'rollback', id, { withPreparation: true })
  await rig.ended(id)
  expect(tokens(rig, 'GALT1011')).toEqual([{ status: 'available', assignedTo: null }])
  expect(tokens(rig, 'GALT1013')).toEqual([{ status: 'activated', assignedTo: active }])
  expect(tokens(rig, 'GALT1014')).toEqual([{ status: 'assigned', assignedTo: bad }])
})

test('a token that is never active is taken out of the inventory again, and a tenant that allows none refuses the start', async () => {
  const rig = await openRig({ people: 40 })
  const { world } = rig.tenant
  const [person] = bare(rig, 1) as [string]
  await rig.pass(6 * 3_600_000)
  const { list } = await received(rig, listOf(rig, [listed(TEST_USER, 1), listed(person, 2)]))
  const { id } = await drafted(rig, [person], list.digest)
  await rig.act(ANDERS, 'approve', id)
  await expect(rig.act(METTE, 'start', id)).rejects.toMatchObject({
    code: 'preflightFailed',
    details: { findings: [{ code: 'tokenMethodOff' }] },
  })
  world.setTokenPolicy({ isEnabled: true })
  const dry = await rig.act(METTE, 'start', id, { dryRun: true })
  expect(dry.says).toContain('stays in the tenant’s inventory')
  const path = `users/${person}/authentication/hardwareOathMethods`
  rig.tenant.addFault({ path, do: { kind: 'status', status: 400, code: 'badRequest' } })
  await rig.act(METTE, 'start', id)
  await rig.until('prepare.failed', 'pilot')
  expect(tokens(rig, 'GALT1002')).toEqual([{ status: 'available', assignedTo: null }])
  await rig.act(ONA, 'rollback', id, { withPreparation: true })
  await rig.ended(id)
  expect(tokens(rig, 'GALT1002')).toEqual([])
  expect(tokens(rig, 'GALT1001')).toEqual([{ status: 'available', assignedTo: null }])
})

test('a token that nobody was given keeps its secret for as long as its rollout can go on or back, and no longer', async () => {
  const rig = await openRig({ people: 40 })
  const { world } = rig.tenant
  world.setTokenPolicy({ isEnabled: true })
  const [person] = bare(rig, 1) as [string]
  await rig.pass(6 * 3_600_000)
  // The second is in no wave: nothing ever activates it.
  const list = [listed(TEST_USER, 31), listed(person, 32)]
  const { list: view } = await received(rig, listOf(rig, list))
  const kept = async () => (await rig.wavegate.service.hardwareTokens(view.digest)).secretsKept
  const alone = async (name: string) => {
    const plan = planText({
      name,
      waves: [{ name: 'test-user', members: { users: [TEST_USER] } }],
      prepare: { tokens: { from: 'tokens.csv' } },
    })
    const files = { 'tokens.csv': view.digest }
    return (await rig.answer(() => rig.wavegate.service.createRollout(METTE, plan, undefined, files))).rollout
      .id
  }
  const first = await alone('first')
  await begun(rig, first)
  expect((await rig.ended(first)).state).toBe('completed')
  expect(await kept()).toBe(1)
  await rig.pass(29 * DAY)
  expect(await kept()).toBe(1)
  await rig.pass(2 * DAY)
  expect(await kept()).toBe(0)
  const wiped = rig.events.filter(({ type }) => type === 'tokens.wiped')
  expect(wiped).toMatchObject([{ rolloutId: first, actor: 'wavegate', data: { tokens: 1 } }])

  // It comes again for another run, and a rollback is the end at once; a draft that names it still needs it.
  expect((await received(rig, listOf(rig, list))).list.secretsKept).toBe(1)
  const [second, draft] = [await alone('second'), await alone('draft')]
  await begun(rig, second)
  await rig.until('wave.soaking', 'test-user')
  await rig.act(ONA, 'rollback', second)
  await rig.ended(second)
  await rig.pass(HOUR)
  expect(await kept()).toBe(1)
  await begun(rig, draft)
  await rig.until('wave.soaking', 'test-user')
  await rig.act(ONA, 'rollback', draft)
  await rig.ended(draft)
  await rig.pass(HOUR)
  expect(await kept()).toBe(0)
})
