import { describe, expect, test } from 'vitest'
import { begun, crossingPlan, membersOf, retired, stateOf, type Tale, turns, WAVE } from './crossing-tale.ts'
import { members, moves, policy, policyStates } from './journal.ts'
import { ledgerOf } from './ledger.ts'
import { GROUP, gates, TEST_WAVE } from './plan-of-waves.ts'
import { ANDERS, DAY, HOUR, METTE, MINUTE, ONA, type Rig } from './rig.ts'

const REPORT_ONLY = 'enabledForReportingButNotEnforced'

interface LogRow {
  userId: string
  createdDateTime: string
  status: { errorCode: number }
  appliedConditionalAccessPolicies: { id: string; result: string }[]
}

/** When the tenant's own log first shows that our policy applied to this person and let them in. */
async function provenAt(rig: Rig, person: string): Promise<number> {
  const filter = encodeURIComponent(`userId eq '${person}' and createdDateTime ge 2026-03-02T00:00:00Z`)
  const answer = await fetch(`${rig.tenant.graph}/v1.0/auditLogs/signIns?$filter=${filter}`)
  const { value } = (await answer.json()) as { value: LogRow[] }
  const proofs = value.filter(
    (row) =>
      row.status.errorCode === 0 &&
      row.appliedConditionalAccessPolicies.some(
        ({ id, result }) => id === policy(rig)?.id && result === 'success',
      ),
  )
  return Math.min(...proofs.map((row) => Date.parse(row.createdDateTime)))
}

async function memberOf(tale: Tale, person: string) {
  const member = (await membersOf(tale)).find((one) => one.personId === person)
  if (!member) throw new Error(`${person} is in no wave`)
  return member
}

/** To the end of the wave: the first ones have gone over, and one keeps per-user MFA. */
async function completed(): Promise<Tale & { keeper: string }> {
  const tale = await begun()
  await tale.rig.until('wave.completed')
  const keepers = (await membersOf(tale)).filter((member) => member.perUserMfa === 'keeps')
  expect(keepers.length).toBe(1)
  return { ...tale, keeper: keepers[0]?.personId ?? '' }
}

/** Somebody has met the policy, and nobody has read the log since. */
async function provenInSoak({ rig, people }: Tale): Promise<void> {
  await rig.until('wave.soaking')
  await rig.pass(20 * MINUTE)
  const proofs = await Promise.all(people.slice(0, -1).map((person) => provenAt(rig, person)))
  expect(Math.min(...proofs)).toBeLessThan(rig.now())
}

describe('per-user MFA goes off', () => {
  test('for each person after a sign-in has proven the policy for them, and for nobody before', async () => {
    const tale = await begun()
    const { rig, people } = tale
    const gone = await retired(tale, 3)
    for (const person of gone) {
      const [turn, ...more] = turns(rig).filter((one) => one.person === person)
      expect(turn).toMatchObject({ before: 'enforced', after: 'disabled' })
      expect(more).toEqual([])
      expect(turn?.at).toBeGreaterThan(await provenAt(rig, person))
      expect(members(rig)).toContain(person)
    }
    expect(
      turns(rig)
        .map((turn) => turn.person)
        .toSorted(),
    ).toEqual(gone.toSorted())
    const bare = people.at(-1) as string
    expect((await memberOf(tale, bare)).perUserMfa).toBe('none')
    const ledger = await ledgerOf(rig)
    const images = ledger.images.filter((image) => image.effect === 'perUserMfaRetired')
    expect(images.map((image) => image.person_id).toSorted()).toEqual(gone.toSorted())
    for (const image of images) {
      expect(image).toMatchObject({ image: '{"state":"enforced"}', closed_at: null })
      const sent = turns(rig).find((turn) => turn.person === image.person_id)
      expect(image.recorded_at).toBeLessThanOrEqual(sent?.at as number)
    }
  })

  test('for nobody who is never proven: they keep it, are named, and go over when a later sign-in proves it', async () => {
    const tale = await completed()
    const { rig, id, keeper } = tale
    expect(stateOf(rig, keeper)).toBe('enforced')
    const name = rig.tenant.world.person(keeper).userPrincipalName
    const page = await rig.wavegate.service.members(id, WAVE, { limit: 10, outcome: 'keepsPerUserMfa' })
    expect(page.members.map((member) => member.upn)).toEqual([name])
    expect(page.members[0]).toMatchObject({ perUserReason: 'notProven', provenAt: null })
    expect((await rig.show(id)).waves[0]?.counts).toMatchObject({ perUserRetired: 3, perUserKept: 1 })
    const explained = await rig.wavegate.service.explain(id)
    expect(explained).toContain(`  1 person keeps per-user MFA: never proven (${name}).`)
    expect(await retired(tale, 4)).toContain(keeper)
    expect(rig.now() - (await provenAt(rig, keeper))).toBeLessThan(DAY)
    // Nothing is left to be proven: the log is read no more.
    const before = rig.committed.length
    await rig.pass(2 * DAY)
    const readings = rig.committed.slice(before).filter(({ wrote }) => wrote.includes('recordIntake'))
    expect(readings.length).toBeLessThan(3)
  })

  test('not for whoever holds a directory role by then', async () => {
    const tale = await begun()
    const { rig, people } = tale
    const [first = ''] = people
    await rig.until('wave.soaking')
    for (const person of people.slice(0, -1)) {
      rig.tenant.world.person(person).roles.push('62e90394-69f5-4237-9190-012177145e10')
    }
    await rig.until('members.keepPerUserMfa')
    await rig.pass(3 * DAY)
    expect(turns(rig)).toEqual([])
    const roles = (await membersOf(tale)).filter((member) => member.perUserReason === 'directoryRole')
    expect(roles.length).toBeGreaterThan(1)
    for (const { perUserMfa } of roles) expect(perUserMfa).toBe('keeps')
    expect(stateOf(rig, first)).toBe('enforced')
  })

  test.each([
    [
      'paused',
      (rig: Rig, id: string) => rig.act(ONA, 'pause', id),
      (rig: Rig, id: string) => rig.act(METTE, 'resume', id),
    ],
    [
      'frozen',
      (rig: Rig) => rig.wavegate.service.freeze(ONA, 'month-end'),
      (rig: Rig) => rig.wavegate.service.thaw(ONA, 'over'),
    ],
  ] as const)('for nobody while %s; afterwards they go over', async (_, hold, release) => {
    const tale = await begun()
    const { rig, id } = tale
    await rig.until('wave.soaking')
    await hold(rig, id)
    await rig.pass(DAY)
    expect((await membersOf(tale)).filter((member) => member.provenAt !== null).length).toBeGreaterThan(1)
    expect(turns(rig)).toEqual([])
    await release(rig, id)
    await retired(tale, 2)
  })

  test('for nobody of a completed rollout while the installation is frozen', async () => {
    const tale = await completed()
    const { rig, keeper } = tale
    await rig.wavegate.service.freeze(ONA, 'month-end')
    await rig.pass(5 * DAY)
    expect((await memberOf(tale, keeper)).provenAt).not.toBeNull()
    expect(stateOf(rig, keeper)).toBe('enforced')
    await rig.wavegate.service.thaw(ONA, 'over')
    expect(await retired(tale, 4)).toContain(keeper)
  })

  test('for nobody while the policy is off by another hand', async () => {
    const tale = await begun()
    const { rig, id } = tale
    await provenInSoak(tale)
    rig.tenant.world.setPolicy(policy(rig)?.id ?? '', { state: REPORT_ONLY })
    await rig.until('crossing.waits')
    expect(turns(rig)).toEqual([])
    expect((await rig.wavegate.service.explain(id)).join('\n')).toContain('The end of per-user MFA waits')
  })

  test('for nobody whom the policy leaves out by now', async () => {
    const tale = await begun()
    const { rig, people } = tale
    await provenInSoak(tale)
    const { conditions } = policy(rig) ?? {}
    const users = {
      ...conditions?.users,
      excludeUsers: [...(conditions?.users?.excludeUsers ?? []), ...people],
    }
    rig.tenant.world.setPolicy(policy(rig)?.id ?? '', { conditions: { ...conditions, users } })
    const kept = await rig.until('members.keepPerUserMfa')
    expect(kept.reason).toBe('notCovered')
    expect(turns(rig)).toEqual([])
  })
})

describe('a named decision', () => {
  test('of an approver takes over who was never proven, and is recorded by whom', async () => {
    const tale = await completed()
    const { rig, id, keeper } = tale
    const call = { people: [keeper], findings: ['notProven'], reason: 'on leave, and agreed with her' }
    const own = { ...METTE, roles: ['approver'] as const }
    await expect(rig.act(own, 'accept', id, call)).rejects.toMatchObject({ code: 'ownRequest' })
    await expect(rig.act(METTE, 'accept', id, call)).rejects.toMatchObject({ code: 'roleTooWeak' })
    const before = rig.now()
    expect((await rig.act(ANDERS, 'accept', id, call)).changed).toBe(true)
    expect(await retired(tale, 4)).toContain(keeper)
    expect(rig.now() - before).toBeLessThan(5 * MINUTE)
    expect(await memberOf(tale, keeper)).toMatchObject({
      perUserMfa: 'retired',
      provenAt: null,
      notProvenAcceptedBy: ANDERS.person,
    })
    const said = rig.events.find((event) => event.type === 'verb.accept')
    expect(said).toMatchObject({ personId: keeper, actor: ANDERS.person, data: { finding: 'notProven' } })
    expect((await rig.act(ANDERS, 'accept', id, call)).changed).toBe(false)
  })

  test('is refused for who was not found to be unproven, and where the plan leaves per-user MFA alone', async () => {
    const tale = await begun()
    const { rig, id, people } = tale
    await rig.until('wave.soaking')
    const call = { people: people.slice(0, 1) }
    await expect(rig.act(ANDERS, 'accept', id, call)).rejects.toThrow(/not been looked at yet/)
    await expect(rig.act(ANDERS, 'accept', id, { ...call, findings: ['policy.state'] })).rejects.toThrow(
      /only notProven/,
    )
  })
})

describe('taken back', () => {
  test('people have their per-user MFA again, read back, before they leave the group', async () => {
    const tale = await begun()
    const { rig, id } = tale
    const [person = ''] = await retired(tale, 1)
    await rig.act(ONA, 'rollback', id, { people: [person], ifMatch: undefined })
    await rig.until('members.restored')
    expect(members(rig)).toContain(person)
    await rig.until((event) => event.type === 'members.restored' && event.data.effect === 'groupMember')
    const back = turns(rig)
      .filter((turn) => turn.person === person)
      .at(-1)
    const out = moves(rig)
      .filter((move) => move.person === person)
      .at(-1)
    expect(back).toMatchObject({ before: 'disabled', after: 'enforced' })
    expect(out?.joined).toBe(false)
    expect(out?.seq).toBeGreaterThan(back?.seq as number)
    const read = rig.events.find((event) => event.type === 'members.restored')
    expect(read?.data).toEqual({ people: [person], effect: 'perUserMfaRetired' })
    expect(out?.at).toBeGreaterThanOrEqual(read?.at as number)
    expect(await memberOf(tale, person)).toMatchObject({ restore: 'restored', perUserMfa: null })
    await rig.pass(5 * DAY)
    expect(stateOf(rig, person)).toBe('enforced')
  })

  test('with the whole rollout, everybody is as recorded', async () => {
    const tale = await completed()
    const { rig, id, people } = tale
    await rig.act(ONA, 'rollback', id, { ifMatch: undefined })
    expect((await rig.ended(id)).state).toBe('rolledBack')
    expect(members(rig)).toEqual([])
    expect(people.map((person) => stateOf(rig, person))).toEqual([...Array(4).fill('enforced'), 'disabled'])
    const ledger = await ledgerOf(rig)
    expect(ledger.images.every((image) => image.closed_at !== null)).toBe(true)
  })

  test('who does not get per-user MFA back stays in the group, and is listed; resolve closes both images', async () => {
    const tale = await begun()
    const { rig, id } = tale
    const [person = ''] = await retired(tale, 1)
    rig.tenant.addFault({
      method: 'PATCH',
      path: `/users/${person}/authentication/requirements`,
      do: { kind: 'status', status: 400, code: 'BadRequest' },
    })
    await rig.act(ONA, 'rollback', id, { people: [person], ifMatch: undefined })
    await rig.until('members.failed')
    expect(members(rig)).toContain(person)
    expect(await memberOf(tale, person)).toMatchObject({ restore: 'failed' })
    await rig.act(ONA, 'resolve', id, { people: [person], ifMatch: undefined })
    const { images } = await ledgerOf(rig)
    expect(images.filter((image) => image.person_id === person && image.closed_at === null)).toEqual([])
  })

  test('what Microsoft raised meanwhile is restored, and said to be stronger', async () => {
    const tale = await completed()
    const { rig, id, keeper } = tale
    rig.tenant.world.setMethods(keeper, [])
    rig.tenant.world.setPerUserMfa(keeper, 'enabled')
    await rig.pass(5 * MINUTE)
    await rig.act(ANDERS, 'accept', id, { people: [keeper] })
    await retired(tale, 4)
    rig.tenant.world.setMethods(keeper, ['microsoftAuthenticatorPush'])
    const reading = { method: 'GET', path: `/users/${keeper}/authentication/requirements` }
    rig.tenant.addFault({ ...reading, do: { kind: 'status', status: 503, code: 'ServiceUnavailable' } })
    await rig.act(ONA, 'rollback', id, { people: [keeper], ifMatch: undefined })
    for (let minutes = 0; minutes < 25 && stateOf(rig, keeper) !== 'enforced'; minutes++)
      await rig.pass(MINUTE)
    expect(stateOf(rig, keeper)).toBe('enforced')
    await rig.pass(MINUTE)
    rig.tenant.clearFaults()
    await rig.until((event) => event.type === 'members.restored' && event.data.effect === 'groupMember')
    const { restore, restoreReason } = await memberOf(tale, keeper)
    expect([restore, restoreReason]).toEqual(['restored', expect.stringContaining('stronger than recorded')])
  })
})

test('who is taken out of the group by another hand, and left so, gets per-user MFA back', async () => {
  const tale = await begun()
  const { rig, id } = tale
  const [person = ''] = await retired(tale, 1)
  rig.tenant.world.removeMember(GROUP, person)
  await rig.until((event) => event.type === 'hold.placed')
  await rig.act(ANDERS, 'accept', id, { findings: ['group.members.removed'] })
  await rig.until('perUserMfa.restored')
  expect(stateOf(rig, person)).toBe('enforced')
  expect(members(rig)).not.toContain(person)
  expect(await memberOf(tale, person)).toMatchObject({ perUserMfa: null, deferred: 'takenOut' })
})

describe('disarm', () => {
  test('gives per-user MFA back straight after its call, names who is bare until then, and lets them stay', async () => {
    const tale = await begun()
    const { rig, id } = tale
    const gone = await retired(tale, 2)
    const answer = await rig.act(ONA, 'disarm', id, { ifMatch: undefined })
    const bare = answer.people.filter((person) => person.why.includes('until their per-user MFA is back'))
    expect(bare.map((person) => person.personId).toSorted()).toEqual(gone.toSorted())
    while (gone.some((person) => stateOf(rig, person) !== 'enforced')) await rig.pass(MINUTE)
    await rig.until('perUserMfa.restored')
    const off = policyStates(rig).at(-1)
    expect(off?.state).toBe(REPORT_ONLY)
    for (const person of gone) {
      const back = turns(rig)
        .filter((turn) => turn.person === person)
        .at(-1)
      expect(back).toMatchObject({ before: 'disabled', after: 'enforced' })
      expect(back?.seq).toBeGreaterThan(off?.seq as number)
      expect((back?.at as number) - (off?.at as number)).toBeLessThan(MINUTE)
      expect(members(rig)).toContain(person)
      expect(await memberOf(tale, person)).toMatchObject({ perUserMfa: null, restore: null })
    }
    await rig.pass(DAY)
    for (const person of gone) expect(stateOf(rig, person)).toBe('enforced')
  })

  test('does not wait for a rollback that waits for its read-back', async () => {
    const tale = await begun()
    const { rig, id, people } = tale
    const gone = await retired(tale, 1)
    const reading = { method: 'GET', path: '/groups/[^/]+/members' }
    rig.tenant.addFault({ ...reading, do: { kind: 'status', status: 503, code: 'ServiceUnavailable' } })
    await rig.act(ONA, 'rollback', id, { people: people.slice(-1), ifMatch: undefined })
    await rig.pass(2 * MINUTE)
    const at = rig.now()
    await rig.act(ONA, 'disarm', id, { ifMatch: undefined })
    await rig.until('perUserMfa.restored')
    expect(rig.now() - at).toBeLessThan(10 * MINUTE)
    for (const person of gone) expect(stateOf(rig, person)).toBe('enforced')
    rig.tenant.clearFaults()
  })

  test('makes a new proof necessary: after the rearm only a newer sign-in takes people over again', async () => {
    const tale = await begun()
    const { rig, id } = tale
    const gone = await retired(tale, 2)
    await rig.act(ONA, 'disarm', id, { ifMatch: undefined })
    await rig.until('perUserMfa.restored')
    await rig.pass(HOUR)
    await rig.act(METTE, 'rearm', id)
    const rearmed = rig.now()
    await rig.pass(6 * DAY)
    for (const person of gone) {
      const turn = turns(rig).filter((one) => one.person === person)
      expect(turn.map((one) => one.after)).toEqual(['disabled', 'enforced', 'disabled'])
      const { lastProvenAt } = await memberOf(tale, person)
      expect(turn.at(-1)?.at).toBeGreaterThan(rearmed)
      expect(Date.parse(lastProvenAt ?? '')).toBeGreaterThan(rearmed)
    }
  })
})

test('a disarm gives per-user MFA back to people of an earlier run, whom the new one has not come to yet', async () => {
  const slow = { name: 'few', gates: gates({ soak: { for: '6d' } }) }
  const tale = await begun({}, (people) =>
    crossingPlan(people, {
      gates: gates(),
      waves: [TEST_WAVE, { ...slow, members: { users: people } } as never],
    }),
  )
  const { rig, id } = tale
  await rig.until('members.retired')
  await rig.act(ONA, 'abort', id)
  const gone = turns(rig).map((turn) => turn.person)
  expect(gone.length).toBeGreaterThan(0)
  const again = (await rig.act(METTE, 'restart', id)).rollout.id
  await rig.act(METTE, 'start', again)
  await rig.until('wave.soaking', 'test-user')
  const seen = await rig.act(ONA, 'disarm', again, { dryRun: true })
  expect(seen.people.map(({ personId }) => personId)).toEqual(expect.arrayContaining(gone))
  await rig.act(ONA, 'disarm', again)
  await rig.pass(HOUR)
  for (const person of gone) expect(stateOf(rig, person)).toBe('enforced')
  expect(members(rig)).toEqual(expect.arrayContaining(gone))
})
