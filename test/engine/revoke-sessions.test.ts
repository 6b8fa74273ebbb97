import { expect, test } from 'vitest'
import { breachesOf } from '../promises/judge.ts'
import { witness } from '../promises/witness.ts'
import { joined, left, moves } from './journal.ts'
import { ledgerOf } from './ledger.ts'
import { GROUP, gates, PILOT, POLICY, planText, TEST_WAVE } from './plan-of-waves.ts'
import { DAY, HOUR, METTE, ONA, openRig, type Rig } from './rig.ts'

const enforce = {
  by: 'conditional-access',
  group: GROUP,
  policy: POLICY,
  revokeSessions: true,
} as const

/** Whose sessions we ended, in order. */
function ended(rig: Rig) {
  return rig.tenant.world.journal.entries.flatMap((entry) => {
    const [, person] = /^users\/([^/]+)\/signInSessions$/.exec(entry.target) ?? []
    return person === undefined || entry.actor !== 'app' ? [] : [{ ...entry, person }]
  })
}

async function ledger(rig: Rig) {
  const { images, attempts } = await ledgerOf(rig)
  const isOfSessions = ({ effect }: { effect: string }) => effect === 'sessions'
  return { images: images.filter(isOfSessions), attempts: attempts.filter(isOfSessions) }
}

const PROTECT = {
  emergencyAccounts: ['bg1@contoso.onmicrosoft.com', 'bg2@contoso.onmicrosoft.com'],
  groups: ['Service accounts'],
}

const isOf = (row: { effect: string; person_id: string }, person: string) =>
  row.effect === 'sessions' && row.person_id === person

test('whoever is read back in place has their sessions ended once, on record, and a rollback leaves that', async () => {
  const rig = await openRig()
  const before = witness(rig, PROTECT)
  const id = await rig.draft(planText({ enforce, gates: gates({ soak: { for: '2d' } }) }))
  // As Microsoft's page has it; the tenant answers 200.
  rig.tenant.addFault({ path: 'revokeSignInSessions', times: 1, do: { kind: 'statusAfter', status: 204 } })
  const dry = await rig.act(METTE, 'start', id, { dryRun: true })
  expect(dry.says).toContain('sessions are ended once')
  await rig.act(METTE, 'start', id)
  expect((await rig.wavegate.service.explain(id)).join()).toContain('sessions are ended once')
  await rig.until('wave.completed', 'pilot')

  const people = joined(rig)
  expect(people.length).toBeGreaterThan(2)
  expect(ended(rig).map((one) => one.person)).toEqual(people)
  const { service } = rig.wavegate
  expect((await service.member(id, people[0] as string)).sessions).toMatchObject({ outcome: 'revoked' })

  // They are asked for their password again, and nobody counts as locked out for it.
  const answer = await fetch(`${rig.tenant.graph}/v1.0/auditLogs/signIns?$filter=status/errorCode eq 50173`)
  const { value } = (await answer.json()) as { value: { userId: string; createdDateTime: string }[] }
  expect(value.length).toBeGreaterThan(0)
  for (const row of value) expect(people).toContain(row.userId)
  for (const wave of (await rig.show(id)).waves) expect(wave.counts.everLockedOut).toBe(0)

  await rig.act(ONA, 'rollback', id)
  await rig.ended(id)
  expect(left(rig).toSorted()).toEqual(people.toSorted())
  await rig.pass(DAY)
  const done = ended(rig)
  expect(done).toHaveLength(people.length)

  const told = await before.testify()
  expect(breachesOf(told)).toEqual([])
  const { images, attempts } = told.records
  for (const { person, at, seq } of done) {
    expect(moves(rig).find((move) => move.person === person)?.seq).toBeLessThan(seq)
    expect(attempts.find((one) => isOf(one, person))).toMatchObject({
      direction: 'apply',
      answer: 'accepted',
    })
    expect(images.find((one) => isOf(one, person))?.closed_at).toBeGreaterThanOrEqual(Date.parse(at))
  }
  // The judge is awake.
  told.records.attempts = attempts.filter((one) => !isOf(one, people[0] as string))
  told.journal.push(...told.journal.filter(({ seq }) => seq === done[1]?.seq))
  expect(breachesOf(told)).toEqual([
    expect.stringContaining('without an attempt on record'),
    expect.stringContaining('had been before'),
  ])
})

test('while the wave is held nobody’s sessions end; an answer that is lost is looked for, not repeated', async () => {
  const rig = await openRig({ people: 30 })
  rig.tenant.addFault({ path: 'revokeSignInSessions', times: 1, do: { kind: 'statusAfter', status: 503 } })
  const waves = [TEST_WAVE, PILOT]
  const id = await rig.started(planText({ enforce, waves, gates: gates({ soak: { for: '10d' } }) }))
  await rig.until('members.inPlace', 'test-user')
  await rig.act(ONA, 'pause', id)
  await rig.pass(3 * HOUR)
  expect(joined(rig)).toHaveLength(1)
  expect(ended(rig)).toEqual([])
  await rig.act(ONA, 'resume', id)
  await rig.until('members.sessionsRevoked', 'test-user')
  expect(ended(rig)).toHaveLength(1)
  await rig.pass(2 * DAY)
  expect(ended(rig)).toHaveLength(1)
  expect((await ledger(rig)).attempts).toMatchObject([{ answer: 'unknown' }])
})

test('whoever has come under protection meanwhile keeps their sessions, and a refusal is said', async () => {
  const rig = await openRig({ people: 30 })
  rig.tenant.world.permissions.delete('User.RevokeSessions.All')
  const waves = [TEST_WAVE, PILOT]
  const id = await rig.started(planText({ enforce, waves, gates: gates({ soak: { for: '10d' } }) }))
  const refused = await rig.until('sessions.failed', 'test-user')
  expect(refused.reason).toContain('User.RevokeSessions.All')
  const [person] = joined(rig) as [string]
  rig.tenant.world.addMember('Service accounts', person)
  rig.tenant.world.permissions.add('User.RevokeSessions.All')
  await rig.until('members.sessionsSkipped', 'test-user')
  await rig.pass(DAY)
  expect(ended(rig)).toEqual([])
  const { sessions } = await rig.wavegate.service.member(id, person)
  expect(sessions).toMatchObject({ outcome: 'skipped', reason: 'protected' })
})
