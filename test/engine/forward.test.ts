import { expect, test } from 'vitest'
import { joined, members, moves, policy, policyStates } from './journal.ts'
import { ledgerOf } from './ledger.ts'
import { GROUP, gates, PILOT, planText, REST, TEST_WAVE } from './plan-of-waves.ts'
import { ANDERS, METTE, openRig, type Rig } from './rig.ts'

const THREE_WAVES = planText({
  waves: [TEST_WAVE, PILOT, REST],
  gates: gates({ approval: { from: 'approver' } }),
})

async function forward(): Promise<{ rig: Rig; id: string }> {
  const rig = await openRig({ people: 60 })
  const id = await rig.draft(THREE_WAVES)
  await rig.act(METTE, 'start', id)
  for (const wave of ['test-user', 'pilot', 'everyone']) {
    await rig.until('wave.awaitingApproval', wave)
    await rig.act(ANDERS, 'approve', id, { wave })
  }
  await rig.ended(id)
  return { rig, id }
}

test('test user, pilot and everybody else go under MFA, one wave after another, each person recorded before', async () => {
  const { rig, id } = await forward()
  const view = await rig.show(id)
  expect(view.state).toBe('completedWithLeftovers')
  const { service } = rig.wavegate
  const leftovers = await service.leftovers(id)
  expect(new Set(leftovers.map((one) => one.reason))).toEqual(new Set(['notReady']))
  const inWaves = await Promise.all(view.waves.map((wave) => service.members(id, wave.name, { limit: 500 })))
  const all = inWaves.flatMap((page) => page.members)
  expect(all.length - leftovers.length).toBe(joined(rig).length)
  expect(
    all
      .filter((one) => one.outcome === 'done')
      .map((one) => one.personId)
      .toSorted(),
  ).toEqual(members(rig))

  const states = policyStates(rig)
  expect(states.map(({ state }) => state)).toEqual(['enabledForReportingButNotEnforced', 'enabled'])
  const orderOfWaves = joined(rig).map((person) => waveOf(rig, inWaves, person))
  expect(orderOfWaves).toEqual(orderOfWaves.toSorted((a, b) => a - b))

  const requests: string[] = []
  const ledger = await ledgerOf(rig)
  for (const join of moves(rig)) {
    expect(join.actor).toBe('app')
    expect(join.seq).toBeGreaterThan(states[1]?.seq as number)
    if (!requests.includes(join.requestId)) requests.push(join.requestId)
    const attempt = ledger.attempts.find(
      (row) => row.client_request_id === join.requestId && row.person_id === join.person,
    )
    expect(attempt).toMatchObject({ direction: 'apply', answer: 'accepted' })
    expect(attempt?.intended_at).toBeLessThanOrEqual(join.at)
    const image = ledger.images.filter((row) => row.person_id === join.person)
    expect(image).toMatchObject([{ closed_at: null, image: '{"member":false}' }])
    expect(image[0]?.recorded_at).toBeLessThanOrEqual(join.at)
    const intents = rig.committed.filter(
      ({ wrote, journal }) => wrote.includes('intend:apply') && journal < join.seq,
    )
    expect(intents.length).toBeGreaterThanOrEqual(requests.length)
    expect(intents.every(({ wrote }) => wrote.includes('recordImages'))).toBe(true)
    const enforcing = rig.events.find(
      (event) => event.type === 'wave.enforcing' && event.waveId === attempt?.wave_id,
    )
    expect(enforcing?.at).toBeLessThanOrEqual(join.at)
  }
  // One more look at the log, which will find nobody to watch, and the regular look for another hand's changes.
  expect(ledger.tasks.filter((task) => !['watch', 'look'].includes(task.kind))).toEqual([])
  expect(ledger.timers).toEqual([])
})

test('the policy we make covers our group alone and leaves out emergency accounts and protected groups', async () => {
  const rig = await openRig()
  const id = await rig.started()
  await rig.until('members.inPlace')
  const { world } = rig.tenant
  expect(policy(rig)?.conditions?.users).toMatchObject({
    includeUsers: [],
    includeGroups: [world.group(GROUP).id],
    excludeUsers: ['bg1', 'bg2'].map((name) => world.person(`${name}@contoso.onmicrosoft.com`).id),
    excludeGroups: [world.group('Service accounts').id],
  })
  const { target } = await rig.show(id)
  expect(target).toMatchObject({ policyId: policy(rig)?.id, groupId: world.group(GROUP).id })
})

function waveOf(rig: Rig, pages: { members: { personId: string }[] }[], person: string): number {
  const wave = pages.findIndex((page) => page.members.some((one) => one.personId === person))
  if (wave === -1) throw new Error(`${rig.tenant.world.person(person).userPrincipalName} is in no wave`)
  return wave
}
