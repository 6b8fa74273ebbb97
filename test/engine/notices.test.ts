import { expect, test } from 'vitest'
import { breachesOf } from '../promises/judge.ts'
import { witness } from '../promises/witness.ts'
import { MAY_LOG } from './deaths.ts'
import { joined, moves, readyPeople } from './journal.ts'
import { addSender, mails, mailsTo, planWithNotices, startApproved } from './mails.ts'
import { gates, planText, TEST_USER } from './plan-of-waves.ts'
import { ANDERS, DAY, HOUR, METTE, MINUTE, ONA, openRig, type Rig } from './rig.ts'

const PROTECTS = {
  emergencyAccounts: ['bg1@contoso.onmicrosoft.com', 'bg2@contoso.onmicrosoft.com'],
  groups: ['Service accounts'],
}

async function rigWithSender(): Promise<{ rig: Rig; pilot: string[] }> {
  const rig = await openRig({ people: 30 })
  addSender(rig)
  return { rig, pilot: readyPeople(rig, 4).toSorted() }
}

function joinedAt(rig: Rig, person: string): number {
  return moves(rig).find((move) => move.person === person && move.joined)?.at ?? Number.NaN
}

const card = (rig: Rig, id: string, person: string) => rig.wavegate.service.member(id, person)

test('people are written to before, on and after their switch, and nobody is switched before what their mail said', async () => {
  const { rig, pilot } = await rigWithSender()
  const [czech, silent, back] = pilot as [string, string, string]
  rig.tenant.world.patchUser(czech, { preferredLanguage: 'cs-CZ' })
  rig.tenant.world.patchUser(silent, { mail: null })
  const seen = witness(rig, PROTECTS)
  const id = await startApproved(rig, planWithNotices(pilot, { on: true, after: ['2d'] }))
  await rig.until('wave.soaking', 'test-user')
  const first = joinedAt(rig, rig.tenant.world.person(TEST_USER).id)
  const [early, late] = mailsTo(rig, TEST_USER)
  expect(first).toBeGreaterThanOrEqual((early?.at ?? 0) + 3 * DAY)
  expect(first).toBeGreaterThanOrEqual((late?.at ?? 0) + DAY)
  expect(first).toBeLessThan((early?.at ?? 0) + 3 * DAY + HOUR)
  expect(mails(rig)).toHaveLength(2)

  await rig.until('notice.accepted', 'pilot')
  expect(mailsTo(rig, czech).map(({ subject }) => subject)).toEqual([
    expect.stringContaining('Vaše přihlašování se mění'),
  ])
  expect((await card(rig, id, silent)).deferred).toBe('notNotified')
  expect((await card(rig, id, silent)).notices).toMatchObject([
    { notice: 'before-3d', state: 'noAddress' },
    {},
    {},
    {},
  ])
  await rig.until('wave.soaking', 'pilot')
  expect(joined(rig)).not.toContain(silent)
  for (const person of pilot.filter((one) => one !== silent)) {
    const sent = mailsTo(rig, person)
    expect(joinedAt(rig, person)).toBeGreaterThanOrEqual((sent[0]?.at ?? 0) + 3 * DAY)
    expect(joinedAt(rig, person)).toBeGreaterThanOrEqual((sent[1]?.at ?? 0) + DAY)
  }
  await rig.pass(10 * MINUTE)
  expect(mailsTo(rig, TEST_USER).length).toBeGreaterThanOrEqual(3)
  await rig.act(ONA, 'rollback', id, { people: [back] })
  await rig.ended(id)
  await rig.pass(4 * DAY)
  expect(mailsTo(rig, czech)).toHaveLength(4)
  expect(mailsTo(rig, back)).toHaveLength(3)
  expect(mailsTo(rig, TEST_USER)).toHaveLength(4)
  const [, wave] = (await rig.show(id)).waves
  expect(wave?.notices).toMatchObject({ accepted: 11, noAddress: 1, failed: 0, unknown: 0 })
  expect((await rig.wavegate.service.explain(id)).join('\n')).toContain('11 accepted by Microsoft')
  expect(breachesOf(await seen.testify())).toEqual([])
})

test('a notice that falls due while the wave is paused waits, names the new day, and the day is kept', async () => {
  const { rig } = await rigWithSender()
  const id = await startApproved(rig, planWithNotices([]))
  await rig.until('wave.awaitingWindow')
  const [early] = mailsTo(rig, TEST_USER)
  await rig.act(ONA, 'pause', id)
  await rig.pass(5 * DAY)
  expect(mails(rig)).toHaveLength(1)
  const resumed = rig.now()
  await rig.act(ONA, 'resume', id)
  await rig.until('wave.soaking')
  const [, late] = mailsTo(rig, TEST_USER)
  expect(late?.at).toBeGreaterThanOrEqual(resumed)
  const day = (at: number) =>
    new Intl.DateTimeFormat('en', { dateStyle: 'full', timeZone: 'Europe/Copenhagen' }).format(at)
  expect(early?.subject).toContain(day((early?.at ?? 0) + 3 * DAY))
  expect(late?.subject).toContain(day((late?.at ?? 0) + DAY))
  expect(joinedAt(rig, rig.tenant.world.person(TEST_USER).id)).toBeGreaterThanOrEqual((late?.at ?? 0) + DAY)
})

test('a sender that may not send holds the wave with the remedy, and nobody is switched unwritten', async () => {
  const { rig } = await rigWithSender()
  rig.tenant.world.restrictMail([])
  const id = await startApproved(rig, planWithNotices([]))
  const hold = await rig.until('hold.placed', 'test-user')
  expect(hold.data).toMatchObject({ hold: { kind: 'error', code: 'senderRefused' } })
  expect(hold.reason).toContain('ErrorAccessDenied')
  expect(hold.reason).toContain('application access policy')
  rig.tenant.world.restrictMail(null)
  await rig.act(ONA, 'resume', id, { wave: 'test-user' })
  await rig.until('wave.awaitingWindow')
  rig.tenant.world.restrictMail([])
  const paused = await rig.until('hold.placed', 'test-user')
  expect(paused.data).toMatchObject({ hold: { kind: 'user', by: 'wavegate' } })
  await rig.pass(5 * DAY)
  expect([mails(rig).length, joined(rig)]).toEqual([1, []])
  rig.tenant.world.restrictMail(null)
  await rig.act(ONA, 'resume', id, { wave: 'test-user' })
  await rig.until('wave.soaking')
  expect(mails(rig)).toHaveLength(2)
})

test('an address that Microsoft refuses concerns its person alone; whoever is unreachable is switched where the plan says so', async () => {
  const { rig, pilot } = await rigWithSender()
  const [odd] = pilot as [string]
  rig.tenant.world.patchUser(odd, { mail: 'no address' })
  const id = await startApproved(rig, planWithNotices(pilot, { unreachable: 'enforce' }))
  await rig.until('notice.failed', 'pilot')
  expect((await card(rig, id, odd)).notices).toMatchObject([
    { notice: 'before-3d', state: 'failed', reason: expect.stringContaining('ErrorInvalidRecipients') },
    {},
  ])
  await rig.until('wave.soaking', 'pilot')
  expect(joined(rig)).toContain(odd)
  const { at } = (await card(rig, id, odd)).notices[0] ?? {}
  expect(joinedAt(rig, odd)).toBeGreaterThanOrEqual(Date.parse(at ?? '') + 3 * DAY)
})

test('whom no notice reached comes with the catch-up once there is an address, and gets a day of their own', async () => {
  const { rig, pilot } = await rigWithSender()
  const [silent] = pilot as [string]
  const { mail } = rig.tenant.world.person(silent)
  rig.tenant.world.patchUser(silent, { mail: null })
  const plan = JSON.parse(planWithNotices(pilot))
  const id = await startApproved(rig, JSON.stringify({ ...plan, catchUp: { name: 'late', every: '1d' } }))
  await rig.until('wave.soaking', 'pilot')
  expect(joined(rig)).not.toContain(silent)
  rig.tenant.world.patchUser(silent, { mail })
  await rig.until('wave.soaking', 'late')
  const [early] = mailsTo(rig, silent)
  expect(joinedAt(rig, silent)).toBeGreaterThanOrEqual((early?.at ?? Number.NaN) + 3 * DAY)
  expect((await card(rig, id, silent)).notices.map(({ wave, state }) => [wave, state])).toEqual([
    ['pilot', 'noAddress'],
    ['pilot', 'dropped'],
    ['late', 'accepted'],
    ['late', 'accepted'],
  ])
})

test('a mail whose fate is not known is not sent a second time, and its person is named', async () => {
  const { rig, pilot } = await rigWithSender()
  const id = await startApproved(rig, planWithNotices(pilot))
  await rig.until('wave.soaking', 'test-user')
  rig.tenant.addFault({ path: 'sendMail', times: 1, do: { kind: 'status', status: 503 } })
  await rig.until('notice.unknown', 'pilot')
  const cards = await Promise.all(pilot.map((one) => card(rig, id, one)))
  const unknown = cards.filter(({ notices }) => notices.some(({ state }) => state === 'unknown'))
  expect(unknown.map(({ deferred }) => deferred)).toEqual(['notNotified'])
  await rig.until('wave.soaking', 'pilot')
  expect(mailsTo(rig, unknown[0]?.personId ?? '')).toHaveLength(0)
  expect(joined(rig)).not.toContain(unknown[0]?.personId)
})

test.each([
  ['beforeCall', 0],
  ['afterCall', 1],
] as const)(
  'killed while a mail is on its way and started again, nobody is written to twice, %s',
  async (when, sent) => {
    const rig = await openRig({ people: 30, byHand: true, mayLog: MAY_LOG })
    addSender(rig)
    const id = await startApproved(rig, planWithNotices([]))
    const killed = new Promise<void>((resolve) =>
      rig.whenWritten('setNotice', () => void rig.killedAfter(1, when).then(resolve)),
    )
    rig.until('wave.soaking').catch(() => {})
    await killed
    expect(mails(rig)).toHaveLength(sent)
    await rig.reopen()
    await rig.until('notice.unknown')
    const asked = mails(rig).length
    await rig.until('wave.soaking')
    expect(asked).toBe(sent)
    expect((await card(rig, id, TEST_USER)).notices.map(({ notice, state }) => [notice, state])).toEqual([
      ['before-3d', 'unknown'],
      ['before-1d', 'accepted'],
    ])
    expect(mailsTo(rig, TEST_USER)).toHaveLength(sent + 1)
    await rig.close()
  },
)

test('a template that names an unknown field is refused with the file, the line and the known fields', async () => {
  const { rig } = await rigWithSender()
  const bytes = Buffer.from('---\nsubject: Hello\n---\nDear {{ person.fullname }}\n')
  const upload = (async function* () {
    yield bytes
  })()
  const { file } = await rig.wavegate.service.uploadFile(METTE, { bytes: upload, name: 'mail.en.md' })
  const plan = planWithNotices([], { templates: ['mail.en.md'] })
  const files = { 'mail.en.md': file.digest }
  const made = rig.answer(() => rig.wavegate.service.createRollout(METTE, plan, undefined, files))
  const error = await made.catch((one: { details: { problems: unknown[] } }) => one)
  expect(JSON.stringify(error)).toContain('mail.en.md:4:9: It names person.fullname')
  expect(JSON.stringify(error)).toContain('person.name')
})

test('every mail to a person can be read beforehand; nothing is sent for it', async () => {
  const { rig, pilot } = await rigWithSender()
  const [person] = pilot as [string]
  const id = await rig.draft(planWithNotices(pilot, { on: true }))
  const preview = await rig.answer(() => rig.wavegate.service.notices(id, person))
  expect(preview.address).toBe(rig.tenant.world.person(person).mail)
  expect(preview.notices.map(({ notice, state }) => [notice, state])).toEqual([
    ['before-3d', 'notPlanned'],
    ['before-1d', 'notPlanned'],
    ['on', 'notPlanned'],
  ])
  expect(preview.notices[0]?.text).toContain('Help desk, 4545')
  expect(preview.notices[0]?.html).toContain('<strong>')
  expect(mails(rig)).toEqual([])
  const plain = await rig.draft(planText({ name: 'other' }))
  await expect(rig.wavegate.service.notices(plain, person)).rejects.toMatchObject({ code: 'notApplicable' })
})

test('while it cannot be told who is protected nobody is written to, and the mails go out once it can', async () => {
  const { rig } = await rigWithSender()
  const rename = (from: string, to: string) => rig.tenant.world.setGroup(from, { displayName: to })
  rig.when('cohort.frozen', () => rename('Service accounts', 'Robots'))
  const id = await startApproved(rig, planWithNotices([]))
  const hold = await rig.until('hold.placed', 'test-user')
  expect(hold.data).toMatchObject({ hold: { kind: 'error', code: 'planNoLongerFits' } })
  expect(mails(rig)).toEqual([])
  rename('Robots', 'Service accounts')
  await rig.act(ONA, 'resume', id, { wave: 'test-user' })
  await rig.until('wave.awaitingWindow')
  rename('Service accounts', 'Robots')
  const said = await rig.until('notices.wait', 'test-user')
  expect(said.reason).toContain('The protected group Service accounts does not exist')
  await rig.pass(DAY)
  expect(mails(rig)).toHaveLength(1)
  rename('Robots', 'Service accounts')
  await rig.until('wave.soaking')
  expect(mails(rig)).toHaveLength(2)
})

test('nobody is written to by a revision that nobody has approved, nor while all is frozen', async () => {
  const { rig } = await rigWithSender()
  const plan = {
    ...JSON.parse(planWithNotices([], { after: ['2d', '9d'] })),
    gates: gates({ soak: { for: '5d' } }),
  }
  const id = await startApproved(rig, JSON.stringify(plan))
  await rig.until('wave.soaking')
  await rig.act(ONA, 'pause', id)
  const notices = { ...plan.prepare.notices, contact: 'Nobody has read this' }
  const { etag } = await rig.show(id)
  const text = JSON.stringify({ ...plan, prepare: { notices } })
  const asked = { rollout: id, text, reason: 'another contact', dryRun: false, ifMatch: etag }
  await rig.answer(() => rig.wavegate.service.revise(METTE, asked))
  await rig.act(ONA, 'resume', id)
  await rig.pass(3 * DAY)
  expect(mails(rig)).toHaveLength(2)
  await rig.act(ANDERS, 'approve', id)
  await rig.pass(HOUR)
  expect(mails(rig)).toHaveLength(3)
  expect(mails(rig).at(-1)?.content).toContain('Nobody has read this')
  await rig.ended(id)
  await rig.answer(() => rig.wavegate.service.freeze(ONA, 'month-end'))
  await rig.pass(8 * DAY)
  expect(mails(rig)).toHaveLength(3)
  await rig.answer(() => rig.wavegate.service.thaw(ONA, 'over'))
  await rig.pass(HOUR)
  expect(mails(rig)).toHaveLength(4)
})
