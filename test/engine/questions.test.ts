import { expect, test } from 'vitest'
import { gates, planText, TEST_WAVE } from './plan-of-waves.ts'
import { ANDERS, HANNE, METTE, ONA, openRig, type Rig } from './rig.ts'

const ANSWER = { reason: 'asked at the printer', dryRun: false }

async function questionOf(rig: Rig, personId: string) {
  const { questions } = await rig.wavegate.service.listQuestions({ limit: 1000 })
  return questions.filter((one) => one.personId === personId)
}

test('who nobody has answered for waits alone; the answer is kept, and says what comes next', async () => {
  const rig = await openRig({ people: 120, scenario: 'legacy-clients' })
  const { service } = rig.wavegate
  const { world } = rig.tenant
  const device = world.people.find((one) => one.habit.device)
  const old = world.people.find((one) => one.habit.legacyClient !== null && !one.habit.device)
  const easy = world.people.find((one) => one.department === 'IT' && one.index > 2)
  if (!device || !old || !easy) throw new Error('too few people')
  for (const one of [device, old, easy]) {
    world.setMethods(one.id, ['microsoftAuthenticatorPush'])
    world.setPerUserMfa(one.id, 'disabled')
  }
  await rig.pass(12 * 3_600_000)
  const waves = [TEST_WAVE, { name: 'pilot', members: { users: [device.id, old.id, easy.id] } }]
  const readiness = { unready: 'hold', min: '100%' } as const
  const id = await rig.started(
    planText({ waves, gates: gates({ readiness }), catchUp: { name: 'leftovers', every: '1d' } }),
  )
  await rig.until('wave.completed', 'pilot')
  // Two of three wait; all that is left must be ready, and is.
  expect((await rig.show(id)).waves[1]?.counts).toMatchObject({ members: 3, deferred: 2, inPlace: 1 })
  for (const one of [device, old])
    expect(await service.member(id, one.id)).toMatchObject({ deferred: 'question', requestedAt: null })
  const [aboutDevice] = await questionOf(rig, device.id)
  const [aboutOld] = await questionOf(rig, old.id)
  expect(aboutDevice).toMatchObject({
    kind: 'person',
    state: 'open',
    says: expect.stringContaining('“printer” in its name'),
    owner: { personId: device.manager },
  })
  expect(aboutOld).toMatchObject({
    kind: 'legacy',
    says: expect.stringContaining(
      `May ${old.displayName} <${old.userPrincipalName}> lose ${old.habit.legacyClient}?`,
    ),
    clients: [{ client: old.habit.legacyClient }],
  })
  expect((await service.knownPerson(old.id)).verdict).toMatchObject({
    is: 'legacyClient',
    question: aboutOld?.id,
  })
  expect((await service.member(id, old.id)).questions).toEqual([aboutOld])

  const say = (question: string, answer: 'notAPerson' | 'legacyAccepted' | 'person', more: object = {}) =>
    service.answerQuestion(METTE, { ...ANSWER, question, answer, ...more })
  await expect(say('legacy-nobody', 'legacyAccepted')).rejects.toMatchObject({ code: 'questionNotFound' })
  await expect(say(aboutOld?.id ?? '', 'person')).rejects.toMatchObject({ code: 'answerUnfit' })
  await expect(
    say(aboutOld?.id ?? '', 'legacyAccepted', { until: '2020-01-01T00:00:00Z' }),
  ).rejects.toMatchObject({
    code: 'answerUnfit',
  })
  for (const caller of [ONA, ANDERS])
    await expect(
      service.answerQuestion(caller, { ...ANSWER, question: aboutOld?.id ?? '', answer: 'legacyAccepted' }),
    ).rejects.toMatchObject({ code: 'roleTooWeak' })
  expect(await say(aboutOld?.id ?? '', 'legacyAccepted', { dryRun: true })).toMatchObject({ changed: false })
  expect(await questionOf(rig, old.id)).toEqual([aboutOld])
  const asked = {
    ...ANSWER,
    question: aboutOld?.id ?? '',
    answer: 'legacyAccepted' as const,
    saidBy: 'bo@contoso.com',
  }
  expect(await service.answerQuestion(HANNE, asked)).toMatchObject({
    changed: true,
    question: { state: 'answered', answer: { by: HANNE.person, saidBy: 'bo@contoso.com' } },
  })
  expect(await service.answerQuestion(HANNE, asked)).toMatchObject({ changed: false })
  await say(aboutDevice?.id ?? '', 'notAPerson')
  await rig.stop()
  await rig.reopen()

  const end = await rig.ended(id)
  // The old program may be lost: its person goes with the catch-up, which does not wait for a printer.
  expect(end.state).toBe('completedWithLeftovers')
  const after = rig.wavegate.service
  expect((await after.member(id, old.id)).inPlaceAt).not.toBeNull()
  expect(await after.member(id, device.id)).toMatchObject({ requestedAt: null, inPlaceAt: null })
  expect((await after.knownPerson(device.id)).verdict).toMatchObject({
    is: 'notAPerson',
    question: null,
    reasons: [{ says: 'is not a person, says mette@contoso.com: asked at the printer', source: 'answer' }],
  })
  const ours = world.journal.entries.filter(
    ({ actor, target }) => actor === 'app' && target.includes(device.id),
  )
  expect(ours).toEqual([])
})
