import { describe, expect, test } from 'vitest'
import { begun, membersOf, retired, stateOf, type Tale, turns } from './crossing-tale.ts'
import { members, policy } from './journal.ts'
import { GROUP, POLICY } from './plan-of-waves.ts'
import { DAY, HOUR, MINUTE, ONA } from './rig.ts'

const REPORT_ONLY = 'enabledForReportingButNotEnforced'

const upnOf = ({ rig }: Tale, person: string) => rig.tenant.world.person(person).userPrincipalName

async function excluded({ rig }: Tale, person: string): Promise<void> {
  const { conditions } = policy(rig) ?? {}
  const excludeUsers = [...(conditions?.users?.excludeUsers ?? []), person]
  const users = { ...conditions?.users, excludeUsers }
  rig.tenant.world.setPolicy(POLICY, { conditions: { ...conditions, users } as never })
}

describe('the policy switched off by another hand', () => {
  test.each(['disabled', REPORT_ONLY, 'deleted'] as const)(
    'gives per-user MFA back at once to whoever had lost it: %s',
    async (how) => {
      const tale = await begun()
      const { rig, id } = tale
      const gone = await retired(tale, 2)
      if (how === 'deleted') rig.tenant.world.deletePolicy(POLICY)
      else rig.tenant.world.setPolicy(POLICY, { state: how })
      const bare = await rig.until('crossing.bare')
      expect((bare.data.people as string[]).toSorted()).toEqual(gone.toSorted())
      const [finding] = (await rig.show(id)).drift
      expect(finding?.bare.map((one) => one.upn).toSorted()).toEqual(
        gone.map((person) => upnOf(tale, person)).toSorted(),
      )
      expect((await rig.wavegate.service.explain(id)).join('\n')).toMatch(
        /Without MFA by policy\.(state|deleted)/,
      )
      const found = rig.now()
      await rig.until('perUserMfa.restored')
      expect(rig.now() - found).toBeLessThan(10 * MINUTE)
      for (const person of gone) {
        expect(stateOf(rig, person)).toBe('enforced')
        expect(members(rig)).toContain(person)
      }
      expect((await rig.show(id)).drift.flatMap((one) => one.bare)).toEqual([])
      expect((await rig.show(id)).holds.map(({ kind }) => kind)).toEqual(['drift'])
      await rig.pass(DAY)
      for (const person of gone) expect(stateOf(rig, person)).toBe('enforced')
    },
  )

  test('and on again by revert: people go over again only after a newer sign-in has proven it', async () => {
    const tale = await begun()
    const { rig, id } = tale
    const gone = await retired(tale, 2)
    rig.tenant.world.setPolicy(POLICY, { state: 'disabled' })
    await rig.until('perUserMfa.restored')
    await rig.pass(HOUR)
    await rig.act(ONA, 'revert', id)
    const reverted = rig.now()
    await rig.pass(6 * DAY)
    for (const person of gone) {
      const turn = turns(rig).filter((one) => one.person === person)
      expect(turn.map((one) => one.after)).toEqual(['disabled', 'enforced', 'disabled'])
      const member = (await membersOf(tale)).find((one) => one.personId === person)
      expect(Date.parse(member?.lastProvenAt ?? '')).toBeGreaterThan(reverted)
      expect(turn.at(-1)?.at).toBeGreaterThan(reverted)
    }
  })
})

test('whom another hand leaves out of the policy gets per-user MFA back, and nobody else', async () => {
  const tale = await begun()
  const { rig } = tale
  const [person = '', ...others] = await retired(tale, 2)
  await excluded(tale, person)
  const bare = await rig.until('crossing.bare')
  expect(bare.data).toEqual({ people: [person], findings: ['policy.conditions.users.excludeUsers'] })
  await rig.until('perUserMfa.restored')
  await rig.pass(HOUR)
  expect(stateOf(rig, person)).toBe('enforced')
  for (const other of others) expect(stateOf(rig, other)).toBe('disabled')
})

test('who is taken out of the group by another hand has per-user MFA back before anybody settles it', async () => {
  const tale = await begun()
  const { rig, id } = tale
  const [person = ''] = await retired(tale, 1)
  rig.tenant.world.removeMember(GROUP, person)
  await rig.until('perUserMfa.restored')
  expect(stateOf(rig, person)).toBe('enforced')
  expect((await rig.show(id)).drift).toMatchObject([{ finding: 'group.members.removed', bare: [] }])
})

test('a policy that was only renamed leaves everybody under it, and per-user MFA off', async () => {
  const tale = await begun()
  const { rig } = tale
  const gone = await retired(tale, 1)
  rig.tenant.world.setPolicy(POLICY, { displayName: 'Renamed' })
  await rig.until('drift.found')
  await rig.pass(HOUR)
  expect(rig.events.filter(({ type }) => type === 'crossing.bare')).toEqual([])
  for (const person of gone) expect(stateOf(rig, person)).toBe('disabled')
})
