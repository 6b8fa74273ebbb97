import { describe, expect, test } from 'vitest'
import { GROUP, gates, PILOT, POLICY, planText, REST, TEST_WAVE } from '../engine/plan-of-waves.ts'
import { ANDERS, HOUR, METTE, ONA, openRig } from '../engine/rig.ts'

const approved = gates({ approval: { from: 'approver' } })

function policyStates(rig: Awaited<ReturnType<typeof openRig>>): unknown[] {
  return rig.tenant.world.journal.entries
    .filter((entry) => entry.target.startsWith('identity/conditionalAccess'))
    .map((entry) => (entry.after as { state?: string }).state)
}

describe('skip', () => {
  test('leaves the people of a pending wave untouched, and they are no success', async () => {
    const rig = await openRig()
    const id = await rig.started(planText({ waves: [TEST_WAVE, PILOT, REST] }))
    await rig.act(METTE, 'skip', id, { wave: 'everyone' })
    const view = await rig.ended(id)
    expect(view.state).toBe('completedWithLeftovers')
    expect(view.waves.map((wave) => wave.state)).toEqual(['completed', 'completed', 'skipped'])
  })

  test('lets a rollout go on whose wave was rejected', async () => {
    const rig = await openRig()
    const id = await rig.started(planText({ gates: approved }))
    await rig.until('wave.awaitingApproval')
    await rig.act(ANDERS, 'reject', id, { wave: 'test-user' })
    expect((await rig.show(id)).holds.map((hold) => hold.kind)).toEqual(['rejected'])
    await rig.act(METTE, 'skip', id, { wave: 'test-user' })
    await rig.until('wave.awaitingApproval', 'pilot')
    expect((await rig.show(id)).holds).toEqual([])
  })
})

describe('disarm and rearm', () => {
  test('one call puts the policy in report-only and names who is without MFA; rearm switches it on again', async () => {
    const rig = await openRig()
    const id = await rig.started()
    await rig.until('wave.soaking', 'test-user')
    const off = await rig.act(ONA, 'disarm', id, { ifMatch: undefined })
    expect(off.people.map((person) => person.upn)).toEqual(['test.user@contoso.com'])
    expect(off.rollout.holds.map((hold) => hold.kind)).toEqual(['disarmed'])
    await rig.pass(48 * HOUR)
    expect((await rig.show(id)).waves[0]?.state).toBe('soaking')
    const dry = await rig.act(METTE, 'rearm', id, { dryRun: true })
    expect(dry.says).toContain('1 people are in the group')
    await rig.act(METTE, 'rearm', id)
    expect(policyStates(rig)).toEqual([
      'enabledForReportingButNotEnforced',
      'enabled',
      'enabledForReportingButNotEnforced',
      'enabled',
    ])
    expect((await rig.ended(id)).state).toMatch(/^completed/)
  })

  test('nobody is rearmed over people whom no wave put there', async () => {
    const rig = await openRig()
    const id = await rig.started()
    await rig.until('wave.soaking', 'test-user')
    await rig.act(ONA, 'disarm', id, { ifMatch: undefined })
    const stranger = rig.tenant.world.people.find((one) => one.userPrincipalName?.startsWith('a'))
    rig.tenant.world.addMember(GROUP, stranger?.id ?? '')
    await rig.pass(2 * HOUR)
    await expect(rig.act(METTE, 'rearm', id)).rejects.toMatchObject({ code: 'preflightFailed' })
    expect(policyStates(rig).at(-1)).toBe('enabledForReportingButNotEnforced')
  })

  test('before anybody is under MFA there is nothing to disarm', async () => {
    const rig = await openRig()
    const id = await rig.draft()
    await expect(rig.act(ONA, 'disarm', id)).rejects.toMatchObject({ code: 'notApplicable' })
  })
})

describe('freeze', () => {
  test('nothing new is applied, nothing new starts, and people are still taken back', async () => {
    const rig = await openRig()
    const id = await rig.started()
    await rig.until('wave.soaking', 'test-user')
    const { service } = rig.wavegate
    expect(await service.freeze(ONA, 'month-end')).toBe(true)
    expect(await service.freeze(ONA, 'again')).toBe(false)
    expect(await service.frozen()).toMatchObject({ by: ONA.person, reason: 'month-end' })
    const other = await rig.draft(
      planText({
        name: 'another',
        enforce: { by: 'conditional-access', group: 'All staff', policy: 'Other' },
      }),
    )
    await expect(rig.act(METTE, 'start', other)).rejects.toMatchObject({ code: 'installationFrozen' })
    await rig.pass(48 * HOUR)
    expect((await rig.show(id)).waves.map((wave) => wave.state)).toEqual(['soaking', 'pending'])
    await rig.act(ONA, 'rollback', id, { wave: 'test-user', ifMatch: undefined })
    await rig.until('wave.rolledBack', 'test-user')
    expect(await service.thaw(ONA, 'over')).toBe(true)
    expect((await rig.show(id)).holds.map((hold) => hold.kind)).toEqual(['waveRolledBack'])
  })

  test('is for the on-call', async () => {
    const rig = await openRig()
    await expect(rig.wavegate.service.freeze(METTE, 'no')).rejects.toMatchObject({ code: 'roleTooWeak' })
  })
})

describe('extend and shorten', () => {
  test('move the end of the soak, and refuse what is no duration', async () => {
    const rig = await openRig()
    const id = await rig.started()
    await rig.until('wave.soaking', 'test-user')
    const end = async () => Date.parse((await rig.show(id)).waves[0]?.soak.endsAt ?? '')
    const before = await end()
    await rig.act(METTE, 'extend', id, { wave: 'test-user', by: '3h' })
    expect((await end()) - before).toBe(3 * HOUR)
    await rig.act(METTE, 'shorten', id, { wave: 'test-user', by: '60m' })
    expect((await end()) - before).toBe(2 * HOUR)
    for (const by of ['3 hours', '0h', '200d', undefined]) {
      await expect(rig.act(METTE, 'extend', id, { wave: 'test-user', by })).rejects.toMatchObject({
        code: 'requestInvalid',
      })
    }
  })
})

describe('restart', () => {
  test('runs the plan again over people whose before-images stay those of the first change', async () => {
    const rig = await openRig()
    const first = await rig.started(planText({ waves: [TEST_WAVE] }))
    await rig.ended(first)
    const { rollout } = await rig.act(METTE, 'restart', first)
    expect(rollout.state).toBe('draft')
    await rig.act(METTE, 'start', rollout.id)
    expect((await rig.ended(rollout.id)).state).toBe('completed')
    await rig.act(ONA, 'rollback', rollout.id, { ifMatch: undefined })
    expect((await rig.ended(rollout.id)).state).toBe('rolledBack')
    expect(rig.tenant.world.members(GROUP)).toEqual([])
    expect(rig.tenant.world.policies.find((one) => one.displayName === POLICY)?.state).toBe(
      'enabledForReportingButNotEnforced',
    )
  })

  test('is for a rollout that has ended', async () => {
    const rig = await openRig()
    const id = await rig.started()
    await expect(rig.act(METTE, 'restart', id)).rejects.toMatchObject({ code: 'verbNotPossible' })
  })
})

describe('accept', () => {
  test('is refused while somebody is locked out, and to the requester', async () => {
    const rig = await openRig({ people: 120, scenario: 'bad-numbers' })
    const tight = gates({
      budget: { lockedOut: { max: '1%', onSpent: 'hold' }, failedChanges: { max: '50%', onSpent: 'hold' } },
    })
    const id = await rig.started(planText({ waves: [TEST_WAVE, REST], gates: tight }))
    await rig.until((event) => (event.data.hold as { kind?: string } | undefined)?.kind === 'budgetSpent')
    const call = { wave: 'everyone', gates: ['lockedOut'] }
    await expect(rig.act(ANDERS, 'accept', id, call)).rejects.toMatchObject({ code: 'stillLockedOut' })
    const own = { ...METTE, roles: ['approver'] as const }
    await expect(rig.act(own, 'accept', id, call)).rejects.toMatchObject({ code: 'ownRequest' })
    await expect(rig.act(METTE, 'advance', id, call)).rejects.toMatchObject({ status: 409 })
  })
})

describe('four eyes', () => {
  test('the author of a plan does not approve it when somebody else runs it again', async () => {
    const rig = await openRig()
    const first = await rig.started(planText({ waves: [TEST_WAVE], gates: approved }))
    await rig.until('wave.awaitingApproval')
    await rig.act(ONA, 'abort', first, { ifMatch: undefined })
    const mads = { ...METTE, person: 'mads@contoso.com' }
    const { rollout } = await rig.act(mads, 'restart', first)
    await rig.act(mads, 'start', rollout.id)
    await rig.until('wave.awaitingApproval')
    const author = { ...METTE, roles: ['approver'] as const }
    const call = { wave: 'test-user' }
    await expect(rig.act(author, 'approve', rollout.id, call)).rejects.toMatchObject({ code: 'ownRequest' })
    expect((await rig.act(ANDERS, 'approve', rollout.id, call)).changed).toBe(true)
  })

  test('nobody who ever resumed a rollout approves it', async () => {
    const rig = await openRig()
    const id = await rig.started(planText({ waves: [TEST_WAVE], gates: approved }))
    await rig.until('wave.awaitingApproval')
    for (const person of ['one@contoso.com', 'two@contoso.com']) {
      await rig.act(ONA, 'pause', id, { ifMatch: undefined })
      await rig.act({ ...ONA, person }, 'resume', id)
    }
    const own = { ...ANDERS, person: 'one@contoso.com' }
    const call = { wave: 'test-user' }
    await expect(rig.act(own, 'approve', id, call)).rejects.toMatchObject({ code: 'ownRequest' })
  })
})

describe('leftovers', () => {
  test('somebody taken back from a wave that was completed is left over at the end', async () => {
    const rig = await openRig()
    const id = await rig.started(
      planText({ waves: [TEST_WAVE, PILOT], gates: gates({ readiness: { unready: 'hold', min: '1%' } }) }),
    )
    await rig.until('wave.soaking', 'pilot')
    await rig.act(ONA, 'rollback', id, { people: ['test.user@contoso.com'], ifMatch: undefined })
    const view = await rig.ended(id)
    expect([view.state, view.leftovers]).toEqual(['completedWithLeftovers', 1])
  })
})
