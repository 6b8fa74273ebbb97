import { expect, test } from 'vitest'
import { readyPeople } from './journal.ts'
import { gates, planText, TEST_USER } from './plan-of-waves.ts'
import { ANDERS, DAY, HANNE, HOUR, knowAnders, METTE, ONA, openRig, type Rig } from './rig.ts'

const REPORT = '/v1.0/reports/authenticationMethods/userRegistrationDetails'
const HOLDS_BACK = '2026-03-06T07:00:00Z'

/** People without any method, each with a number of their own in the directory. */
async function bare(rig: Rig, count: number): Promise<string[]> {
  const { world } = rig.tenant
  const ids = readyPeople(rig, count)
  for (const id of ids) world.setMethods(id, [])
  for (const id of [TEST_USER, ...ids]) world.patchUser(id, { mobilePhone: world.person(id).ownMobile })
  await rig.pass(6 * HOUR)
  return ids
}

/** From now on Microsoft shows the registration report as it is now. */
async function withOldReport(rig: Rig): Promise<void> {
  const { value } = (await (await fetch(`${rig.tenant.graph}${REPORT}?$top=999`)).json()) as {
    value: object[]
  }
  expect(value.length).toBeGreaterThan(20)
  rig.tenant.addFault({ method: 'GET', path: REPORT, do: { kind: 'status', status: 200, body: { value } } })
}

async function started(rig: Rig, people: Record<string, string[]>, more: object = {}): Promise<string> {
  const own = Object.entries(people).map(([name, users]) => ({ name, members: { users } }))
  const waves = [{ name: 'test-user', members: { users: [TEST_USER] } }, ...own]
  const id = await rig.draft(planText({ waves, prepare: { phones: { from: 'directory' } }, ...more }))
  await rig.act(ANDERS, 'approve', id)
  await rig.act(METTE, 'start', id)
  return id
}

test('the catch-up takes whose number was read back, though the report does not know of it yet', async () => {
  const rig = await openRig({ people: 40 })
  await knowAnders(rig)
  const [later, other] = (await bare(rig, 2)) as [string, string]
  await withOldReport(rig)
  const id = await started(rig, { pilot: [later, other] }, { catchUp: { name: 'leftovers', every: '1d' } })
  await rig.until('prepare.done', 'pilot')
  const until = { approver: ANDERS.person, until: HOLDS_BACK }
  await rig.act(HANNE, 'defer', id, { people: [later], reason: 'on leave', ...until })
  await rig.until('wave.completed', 'pilot')
  expect((await rig.wavegate.service.member(id, later)).deferred).toBe('deferred')
  await rig.until('wave.soaking', 'leftovers')
  expect((await rig.wavegate.service.member(id, later)).inPlaceAt).not.toBeNull()
  expect(rig.now()).toBeLessThan(Date.parse(HOLDS_BACK) + 3 * DAY)
})

test('a number that was read back makes ready until the day phones end: a wave that takes longer leaves its people', async () => {
  const rig = await openRig({ people: 40, start: Date.parse('2027-01-27T01:00:00Z') })
  const other = readyPeople(rig, 3)[2] as string
  const [soon, late] = (await bare(rig, 2)) as [string, string]
  await withOldReport(rig)
  const waves = [
    { name: 'test-user', members: { users: [TEST_USER] } },
    { name: 'short', members: { users: [soon] } },
    { name: 'long', members: { users: [late, other] }, gates: { soak: { for: '7d' } } },
  ]
  const id = await rig.draft(planText({ waves, prepare: { phones: { from: 'directory' } }, gates: gates() }))
  await rig.act(ANDERS, 'approve', id)
  await rig.act(METTE, 'start', id)
  const readiness = async (who: string) => await rig.wavegate.service.member(id, who)
  await rig.until('wave.soaking', 'short')
  expect(await readiness(soon)).toMatchObject({
    deferred: null,
    readiness: expect.stringContaining('until 2027-02-01'),
  })
  await rig.until('wave.enforcing', 'long')
  expect(await readiness(late)).toMatchObject({
    deferred: 'notReady',
    inPlaceAt: null,
    readiness: expect.stringContaining('the wave takes until 2027-02-'),
  })
  expect(rig.now()).toBeLessThan(Date.parse('2027-02-01T00:00:00Z'))
})

test('a retry takes whose preparation failed again: of the wave while it prepares, and of one person', async () => {
  const rig = await openRig({ people: 40 })
  const { world } = rig.tenant
  const [one, two, never] = (await bare(rig, 3)) as [string, string, string]
  const refused = { method: 'POST', path: 'authentication/phoneMethods' }
  const outcome = async (who: string) => (await rig.wavegate.service.member(id, who)).preparations[0]?.outcome
  const id = await rig.draft(
    planText({
      waves: [
        { name: 'test-user', members: { users: [TEST_USER] } },
        { name: 'pilot', members: { users: [one, two, never] } },
      ],
      prepare: { phones: { from: 'directory' } },
    }),
  )
  for (const who of [one, two])
    rig.tenant.addFault({
      ...refused,
      path: `users/${who}/${refused.path}`,
      times: 1,
      do: { kind: 'status', status: 400 },
    })
  // Five tries that are answered well, and bring nothing.
  const lost = { kind: 'status', status: 201, body: {} } as const
  rig.tenant.addFault({ ...refused, path: `users/${never}/${refused.path}`, times: 5, do: lost })
  await rig.act(ANDERS, 'approve', id)
  await rig.act(METTE, 'start', id)
  await rig.until('prepare.failed', 'pilot')
  while ((await outcome(never)) !== 'failed') await rig.until('prepare.failed', 'pilot')
  expect([await outcome(one), await outcome(two)]).toEqual(['failed', 'failed'])
  const dry = await rig.act(ONA, 'retry', id, { wave: 'pilot', dryRun: true })
  expect(dry.people.map(({ personId, why }) => [personId, why]).toSorted()).toEqual(
    [one, two, never].toSorted().map((who) => [who, 'is prepared again']),
  )
  expect(await rig.act(ONA, 'retry', id, { people: [two] })).toMatchObject({ changed: true })
  await rig.until('prepare.done', 'pilot')
  expect([await outcome(one), await outcome(two)]).toEqual(['failed', 'done'])
  await rig.act(ONA, 'retry', id, { wave: 'pilot' })
  while ((await outcome(never)) !== 'done') await rig.until('prepare.done', 'pilot')
  expect(await outcome(one)).toBe('done')
  expect(
    world.journal.entries.filter(
      ({ actor, target }) => actor === 'app' && target.includes(`${two}/authentication`),
    ),
  ).toHaveLength(1)
  expect((await rig.act(ONA, 'retry', id, { people: [two] })).changed).toBe(false)
})

test('what has to be known of a number stands on the person’s card, and is counted with the wave', async () => {
  const rig = await openRig({ people: 40 })
  const [landline, mobile] = (await bare(rig, 2)) as [string, string]
  rig.tenant.world.patchUser(landline, { mobilePhone: '+1 4255550123' })
  rig.tenant.world.patchUser(mobile, { mobilePhone: '+44 7911123456' })
  await rig.pass(HOUR)
  const id = await started(rig, { pilot: [landline, mobile] })
  await rig.until('prepare.done', 'pilot')
  const card = async (who: string) => (await rig.wavegate.service.member(id, who)).preparations[0]
  expect((await card(mobile))?.warns).toContain('Please enable text messages and voice calls')
  expect((await card(landline))?.warns).toBeNull()
  expect((await rig.show(id)).waves[1]?.prepared).toEqual([
    { step: 'phones', outcome: 'done', people: 2, warned: 1 },
  ])
  const told = (await rig.wavegate.service.explain(id)).join('\n')
  expect(told).toContain('Prepared: phones: 2 done (1 with a warning).')
})
