import Sqlite from 'better-sqlite3'
import { describe, expect, onTestFinished, test } from 'vitest'
import { PEOPLE_A_LOOK } from '../../src/engine/drift-per-user.ts'
import { begun, membersOf, retired, stateOf, turns } from '../engine/crossing-tale.ts'
import { members, readyPeople } from '../engine/journal.ts'
import { gates, planText, TEST_WAVE } from '../engine/plan-of-waves.ts'
import { ANDERS, DAY, HOUR, METTE, MINUTE, ONA, openRig, type Rig } from '../engine/rig.ts'

const LOWERED = 'person.perUserMfa.lowered'
const RAISED = 'person.perUserMfa.raised'

const drifted = (rig: Rig) => rig.until('drift.found')
const kinds = async (rig: Rig, id: string) => (await rig.show(id)).holds.map((hold) => hold.kind)

async function rowOf(rig: Rig, id: string, personId: string) {
  return (await rig.wavegate.service.members(id, 'test-user', { limit: 500 })).members.find(
    (one) => one.personId === personId,
  )
}

describe('in a plan by per-user MFA', () => {
  async function soaking(count = 3) {
    const rig = await openRig({ people: 160 })
    const isOff = (person: string) => stateOf(rig, person) === 'disabled'
    const people = readyPeople(rig, 3 * count)
      .filter(isOff)
      .slice(0, count)
      .toSorted()
    const waves = [{ name: 'test-user', members: { users: people } }]
    const plan = planText({
      enforce: { by: 'per-user-mfa' },
      waves,
      gates: gates({ soak: { for: '10d' } }),
    })
    const id = await rig.started(plan)
    await rig.until('wave.soaking')
    return { rig, id, people }
  }

  test('somebody switched off by another hand is found, holds with both states, and is asked in again by revert', async () => {
    const { rig, id, people } = await soaking()
    const [person = ''] = people
    const upn = rig.tenant.world.person(person).userPrincipalName
    rig.tenant.world.setPerUserMfa(person, 'disabled')
    const changed = rig.now()
    await drifted(rig)
    expect(rig.now() - changed).toBeLessThan(2 * HOUR)
    const says = `per-user MFA of 1 person was switched off or lowered by another hand: ${upn} (enforced → disabled)`
    expect((await rig.show(id)).holds).toMatchObject([{ kind: 'drift', reason: says }])
    expect(await rig.wavegate.service.drift(id)).toMatchObject([
      {
        finding: LOWERED,
        people: [{ personId: person, upn, says: `per-user MFA of ${upn}: enforced → disabled` }],
      },
    ])
    const dry = await rig.act(ONA, 'revert', id, { dryRun: true })
    expect(dry).toMatchObject({ changed: false, people: [{ personId: person }] })
    expect(stateOf(rig, person)).toBe('disabled')
    await rig.act(ONA, 'revert', id)
    await rig.until('members.inPlace')
    expect(stateOf(rig, person)).toBe('enforced')
    await rig.pass(3 * HOUR)
    expect(await kinds(rig, id)).toEqual([])
    await rig.act(ONA, 'rollback', id)
    expect((await rig.ended(id)).state).toBe('rolledBack')
    expect(people.map((one) => stateOf(rig, one))).toEqual(people.map(() => 'disabled'))
  })

  test('accepted, the person is left for later, and a rollback leaves them as they are and says conflict', async () => {
    const { rig, id, people } = await soaking()
    const [person = ''] = people
    rig.tenant.world.setPerUserMfa(person, 'disabled')
    await drifted(rig)
    await expect(rig.act(METTE, 'accept', id, { findings: [LOWERED] })).rejects.toMatchObject({
      code: 'roleTooWeak',
    })
    await rig.act(ANDERS, 'accept', id, { findings: [LOWERED] })
    await rig.pass(5 * HOUR)
    expect(await kinds(rig, id)).toEqual([])
    expect(await rowOf(rig, id, person)).toMatchObject({ deferred: 'takenOut', outcome: 'pending' })
    const before = turns(rig).length
    await rig.act(ONA, 'rollback', id)
    expect((await rig.ended(id)).state).toBe('rolledBack')
    const taken = `taken as it is (disabled) by ${ANDERS.person}`
    expect(await rowOf(rig, id, person)).toMatchObject({
      restore: 'conflict',
      restoreReason: expect.stringContaining(taken),
    })
    const sent = turns(rig).slice(before)
    expect(sent.map((turn) => turn.person).toSorted()).toEqual(people.filter((one) => one !== person))
  })

  /** Without a method at every look: whoever registers is raised by Microsoft. */
  async function foundAsEnabled(rig: Rig, person: string) {
    const isFound = () => rig.events.some((event) => event.type === 'drift.found')
    for (let minutes = 0; minutes < 90 && !isFound(); minutes++) {
      rig.tenant.world.setMethods(person, [])
      rig.tenant.world.setPerUserMfa(person, 'enabled')
      await rig.pass(MINUTE)
    }
    await drifted(rig)
  }

  test('accepted as enabled, they stay in place; enforced from there is no drift, and a rollback leaves either', async () => {
    const { rig, id, people } = await soaking()
    const [person = ''] = people
    await foundAsEnabled(rig, person)
    await rig.act(ANDERS, 'accept', id, { findings: [LOWERED] })
    expect(await rowOf(rig, id, person)).toMatchObject({ deferred: null, outcome: 'done' })
    rig.tenant.world.setPerUserMfa(person, 'enforced')
    await rig.pass(5 * HOUR)
    expect(await kinds(rig, id)).toEqual([])
    await rig.act(ONA, 'rollback', id)
    await rig.ended(id)
    expect(stateOf(rig, person)).toBe('enforced')
    expect(await rowOf(rig, id, person)).toMatchObject({ restore: 'conflict' })
  })

  test('on again by whoever switched it off, the hold goes by itself', async () => {
    const { rig, id, people } = await soaking()
    const [person = ''] = people
    rig.tenant.world.setPerUserMfa(person, 'disabled')
    await drifted(rig)
    rig.tenant.world.setPerUserMfa(person, 'enforced')
    await rig.until('hold.lifted')
    expect(await kinds(rig, id)).toEqual([])
  })

  test('a look reads a few people; the longest not looked at comes first, and so everybody comes', async () => {
    const rig = await openRig({ people: 60 })
    const waves = [TEST_WAVE, { name: 'everyone', members: 'rest' as const }]
    const id = await rig.started(planText({ enforce: { by: 'per-user-mfa' }, waves }))
    await rig.ended(id)
    const people = await rig.wavegate.store.read.perUserToLook(id, false, 500)
    expect(people.length).toBeGreaterThan(PEOPLE_A_LOOK + 3)
    const since = rig.now()
    await rig.pass(2 * DAY)
    await rig.stop()
    const db = new Sqlite(rig.config.db, { readonly: true })
    onTestFinished(() => void db.close())
    const looked = db.prepare('select looked_at, count(*) as people from per_user_look group by 1').all()
    for (const one of looked as { looked_at: number; people: number }[]) {
      expect(one.people).toBeLessThanOrEqual(PEOPLE_A_LOOK)
      expect(one.looked_at).toBeGreaterThan(since)
    }
    expect(db.prepare('select count(*) as people from per_user_look').get()).toEqual({
      people: people.length,
    })
  })
})

describe('in a crossing', () => {
  test('per-user MFA switched on again is found; revert ends it again, the safe way', async () => {
    const tale = await begun()
    const { rig, id } = tale
    const [person = ''] = await retired(tale, 1)
    rig.tenant.world.setPerUserMfa(person, 'enforced')
    await drifted(rig)
    expect((await rig.show(id)).drift).toMatchObject([{ finding: RAISED, people: [{ personId: person }] }])
    const dry = await rig.act(ONA, 'revert', id, { dryRun: true })
    expect(dry.requests).toEqual([
      {
        method: 'PATCH',
        path: `/users/${person}/authentication/requirements`,
        body: { perUserMfaState: 'disabled' },
      },
    ])
    expect(stateOf(rig, person)).toBe('enforced')
    await rig.act(ONA, 'revert', id)
    await rig.until(
      (event) => event.type === 'members.retired' && JSON.stringify(event.data).includes(person),
    )
    expect(stateOf(rig, person)).toBe('disabled')
    expect(await kinds(rig, id)).toEqual([])
    await rig.act(ONA, 'rollback', id)
    await rig.ended(id)
    expect(stateOf(rig, person)).toBe('enforced')
  })

  test('accepted, the person keeps both: no proof ends it, no disarm, and a rollback leaves it and says conflict', async () => {
    const tale = await begun()
    const { rig, id } = tale
    const [person = ''] = await retired(tale, 1)
    rig.tenant.world.setPerUserMfa(person, 'enforced')
    await drifted(rig)
    await rig.act(ANDERS, 'accept', id, { findings: [RAISED] })
    const before = turns(rig).filter((turn) => turn.person === person).length
    await rig.pass(5 * DAY)
    const mark = async () => (await membersOf(tale)).find((one) => one.personId === person)
    expect(await mark()).toMatchObject({ perUserMfa: 'keeps', perUserReason: 'takenAsIs' })
    expect(stateOf(rig, person)).toBe('enforced')
    await rig.act(ONA, 'rollback', id)
    await rig.ended(id)
    expect(turns(rig).filter((turn) => turn.person === person)).toHaveLength(before)
    expect(stateOf(rig, person)).toBe('enforced')
    expect(members(rig)).not.toContain(person)
    expect((await mark())?.restoreReason).toContain(`taken as it is (enforced) by ${ANDERS.person}`)
    const said = rig.events.filter((event) => event.type === 'members.conflict')
    expect(said).toMatchObject([{ data: { people: [person], effect: 'perUserMfaRetired' } }])
  })

  test('who keeps per-user MFA and loses it to another hand has it back by revert, as it was left', async () => {
    const tale = await begun()
    const { rig, id } = tale
    await rig.until('members.keepPerUserMfa')
    const keeper = (await membersOf(tale)).find((one) => one.perUserMfa === 'keeps')?.personId as string
    rig.tenant.world.setPerUserMfa(keeper, 'disabled')
    await drifted(rig)
    expect((await rig.show(id)).drift).toMatchObject([{ finding: LOWERED, people: [{ personId: keeper }] }])
    await rig.act(ONA, 'revert', id)
    expect(stateOf(rig, keeper)).toBe('enforced')
    await rig.pass(3 * HOUR)
    expect(await kinds(rig, id)).toEqual([])
    rig.tenant.world.setPerUserMfa(keeper, 'disabled')
    await drifted(rig)
    await rig.act(ANDERS, 'accept', id, { findings: [LOWERED] })
    await rig.pass(5 * HOUR)
    expect(await kinds(rig, id)).toEqual([])
    await rig.act(ONA, 'rollback', id)
    await rig.ended(id)
    expect(stateOf(rig, keeper)).toBe('disabled')
    expect(rig.events.filter((event) => event.type === 'members.conflict')).toMatchObject([
      { data: { people: [keeper] } },
    ])
  })

  test('what a disarm gives back is nobody’s drift', async () => {
    const tale = await begun()
    const { rig, id } = tale
    await retired(tale, 2)
    await rig.act(ONA, 'disarm', id, { ifMatch: undefined })
    await rig.until('perUserMfa.restored')
    await rig.pass(5 * HOUR)
    await rig.act(METTE, 'rearm', id)
    await rig.pass(5 * HOUR)
    expect(await rig.wavegate.service.drift(id)).toEqual([])
  })
})
