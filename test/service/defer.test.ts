import { describe, expect, test } from 'vitest'
import { localOperator } from '../../src/main.ts'
import { joined, readyPeople } from '../engine/journal.ts'
import { gates, planText, TEST_USER, TEST_WAVE } from '../engine/plan-of-waves.ts'
import { ANDERS, DAY, HANNE, HOUR, knowAnders, METTE, ONA, openRig, type Rig } from '../engine/rig.ts'

const LATER = { approver: ANDERS.person, until: '2026-03-20' }
const CET_END = '2026-03-20T23:00:00.000Z'

/** The second wave of three people waits for its approval; the first is under MFA. */
async function waiting(): Promise<{ rig: Rig; id: string; people: [string, string, string] }> {
  const rig = await openRig()
  await knowAnders(rig)
  const people = readyPeople(rig, 3) as [string, string, string]
  const asked = gates({ approval: { from: 'approver', answerWithin: '30d' } })
  const few = { name: 'few', members: { users: people }, gates: asked }
  const id = await rig.started(planText({ waves: [TEST_WAVE, few as never] }))
  await rig.until('wave.awaitingApproval', 'few')
  return { rig, id, people }
}

const defer = (rig: Rig, id: string, person: string, more = {}) =>
  rig.act(HANNE, 'defer', id, { people: [person], reason: 'on leave', ...LATER, ...more })

describe('defer', () => {
  test('leaves a person out of the wave by name, with reason, approver and end, and nobody else', async () => {
    const { rig, id, people } = await waiting()
    const answer = await defer(rig, id, people[0])
    expect(answer).toMatchObject({ changed: true, people: [{ personId: people[0] }] })
    expect(answer.says).toContain(CET_END)
    await rig.act(ANDERS, 'approve', id, { wave: 'few' })
    await rig.until('wave.soaking', 'few')
    expect(joined(rig).toSorted()).toEqual(
      [rig.tenant.world.person(TEST_USER).id, people[1], people[2]].toSorted(),
    )
    expect(await rig.wavegate.service.member(id, people[0])).toMatchObject({
      deferred: 'deferred',
      deferredUntil: CET_END,
      requestedAt: null,
    })
    expect((await rig.wavegate.service.leftovers(id)).map(({ reason }) => reason)).toEqual(['deferred'])
    const said = rig.events.find(({ type }) => type === 'verb.defer')
    expect(said).toMatchObject({ actor: HANNE.person, reason: 'on leave', data: { approver: ANDERS.person } })
  })

  test('is once for a person: the same again is so already, another date is refused', async () => {
    const { rig, id, people } = await waiting()
    await defer(rig, id, people[0])
    expect(await defer(rig, id, people[0])).toMatchObject({ changed: false })
    await expect(defer(rig, id, people[0], { until: '2026-04-01' })).rejects.toMatchObject({
      code: 'deferredBefore',
      status: 409,
    })
  })

  test('is refused once the change was sent, and names rollback instead', async () => {
    const { rig, id, people } = await waiting()
    await rig.act(ANDERS, 'approve', id, { wave: 'few' })
    await rig.until('wave.soaking', 'few')
    await expect(defer(rig, id, people[0])).rejects.toMatchObject({
      code: 'notApplicable',
      hint: expect.stringContaining('Use rollback'),
    })
    expect((await rig.wavegate.service.member(id, people[0])).deferred).toBeNull()
  })

  test('is never for a test user, by whatever name', async () => {
    const rig = await openRig({ people: 30 })
    const id = await rig.draft()
    for (const name of [TEST_USER, rig.tenant.world.person(TEST_USER).id])
      await expect(defer(rig, id, name)).rejects.toMatchObject({ code: 'notApplicable' })
  })

  test('asks for an approver who is not the caller, and for an end that is ahead', async () => {
    const { rig, id, people } = await waiting()
    const wrong = [
      [{ approver: '' }, 'requestInvalid'],
      [{ approver: 'HANNE@contoso.com' }, 'ownRequest'],
      [{ approver: METTE.person }, 'notAnApprover'],
      [{ approver: 'nobody@contoso.com' }, 'notAnApprover'],
      [{ until: '2026-03-01' }, 'requestInvalid'],
      [{ until: '2026-02-30' }, 'requestInvalid'],
      [{ until: 'next week' }, 'requestInvalid'],
      [{ until: '2027-03-20' }, 'requestInvalid'],
    ] as const
    for (const [more, code] of wrong)
      await expect(defer(rig, id, people[0], more)).rejects.toMatchObject({ code })
    expect(rig.events.filter(({ type }) => type === 'verb.defer')).toEqual([])
  })

  test('names nobody whose token as an approver was revoked, and nobody of another role', async () => {
    const { rig, id, people } = await waiting()
    const { service } = rig.wavegate
    const [token] = await service.listTokens(localOperator())
    await service.createToken(localOperator(), METTE.person, 'changeManager')
    await expect(defer(rig, id, people[0], { approver: METTE.person })).rejects.toMatchObject({
      code: 'notAnApprover',
      status: 409,
      details: { person: METTE.person },
    })
    await service.revokeToken(localOperator(), token?.id ?? '')
    await expect(defer(rig, id, people[0])).rejects.toMatchObject({ code: 'notAnApprover' })
    expect((await service.member(id, people[0])).deferred).toBeNull()
    await knowAnders(rig)
    const shouted = await defer(rig, id, people[0], { approver: ANDERS.person.toUpperCase() })
    expect(shouted.changed).toBe(true)
  })

  test('reaches people whose wave has not been prepared yet', async () => {
    const rig = await openRig()
    await knowAnders(rig)
    const people = readyPeople(rig, 3)
    const few = { name: 'few', members: { users: people } }
    const id = await rig.draft(planText({ waves: [TEST_WAVE, few] }))
    const upn = rig.tenant.world.person(people[1] as string).userPrincipalName
    await defer(rig, id, upn)
    await expect(defer(rig, id, 'nobody@contoso.com')).rejects.toMatchObject({ code: 'personNotFound' })
    await rig.act(METTE, 'start', id)
    await rig.until('wave.soaking', 'few')
    expect(joined(rig)).not.toContain(people[1])
    expect(await rig.wavegate.service.member(id, upn)).toMatchObject({ deferred: 'deferred' })
  })

  test('whose end has passed before the wave is prepared keeps nobody out of it', async () => {
    const rig = await openRig()
    await knowAnders(rig)
    const people = readyPeople(rig, 2)
    const few = { name: 'few', members: { users: people } }
    const id = await rig.draft(planText({ waves: [TEST_WAVE, few] }))
    await defer(rig, id, people[0] as string, { until: new Date(rig.now() + HOUR).toISOString() })
    await rig.pass(DAY)
    await rig.act(METTE, 'start', id)
    await rig.until('wave.soaking', 'few')
    expect(joined(rig)).toContain(people[0])
  })

  test('a dry run says what would be and keeps nothing', async () => {
    const { rig, id, people } = await waiting()
    const count = rig.events.length
    expect((await defer(rig, id, people[0], { dryRun: true })).says).toMatch(/^Would: /)
    expect(rig.events).toHaveLength(count)
    expect(await defer(rig, id, people[0], { until: '2026-04-01' })).toMatchObject({ changed: true })
  })
})

describe('release', () => {
  test('is for somebody who was taken back, once that is read back', async () => {
    const { rig, id, people } = await waiting()
    await rig.act(ANDERS, 'approve', id, { wave: 'few' })
    await rig.until('wave.soaking', 'few')
    const release = () => rig.act(ONA, 'release', id, { people: [people[0]], reason: 'new phone' })
    await expect(release()).rejects.toMatchObject({ code: 'notApplicable' })
    await rig.act(ONA, 'rollback', id, { people: [people[0]] })
    await expect(release()).rejects.toMatchObject({ hint: expect.stringContaining('read back') })
    await rig.until('members.restored')
    expect(await release()).toMatchObject({ changed: true, says: expect.stringContaining('no catch-up') })
    expect(await release()).toMatchObject({ changed: false })
    expect(await rig.wavegate.service.member(id, people[0])).toMatchObject({ deferred: 'released' })
    expect((await rig.wavegate.service.leftovers(id)).map(({ reason }) => reason)).toEqual(['released'])
  })
})
