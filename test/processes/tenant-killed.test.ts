import { expect, test } from 'vitest'
import type { RolloutView } from '../../src/service.ts'
import { groupId, membersOf, moved, peopleWhoGo, repeated } from './expectations.ts'
import { PLAN } from './plan.ts'
import { rehearsal } from './rehearsal.ts'

const TWO_WAVES = PLAN.replace(/^ {2}- \{ name: pilot.*\n/m, '')

test('a tenant killed under a running rollout comes back as it was, and the rollout waits for it', async () => {
  const here = await rehearsal({ people: 60, seed: 7 })
  await here.startTenant()
  await here.startServer()
  await here.makeTokens()
  const expected = [...(await peopleWhoGo(here))].toSorted()
  const group = await groupId(here, 'MFA required')
  const first = here.tenant()
  const plan = { plan: TWO_WAVES }
  const { rollout } = await here.api<{ rollout: RolloutView }>('changeManager', 'POST', '/rollouts', plan)
  await here.act('changeManager', 'start', rollout.id)

  for (const wave of ['test-user', 'everyone']) {
    await here.event(rollout.id, (event) => event.type === 'wave.awaitingApproval' && event.wave === wave)
    await here.act('approver', 'approve', rollout.id, wave)
  }
  await here.event(rollout.id, ({ type, wave }) => type === 'members.requested' && wave === 'everyone')
  await here.killTenant()
  const { seq } = await here.event(rollout.id, ({ type, data }) => type === 'hold.placed' && isStuck(data))
  await here.startTenant()
  expect(here.tenant()).toEqual(first)
  await here.event(rollout.id, ({ type, data }) => type === 'hold.lifted' && isStuck(data), seq)
  await here.event(rollout.id, ({ type }) => type === 'rollout.completedWithLeftovers')

  const journal = await here.journal()
  expect(journal.map(({ seq }) => seq)).toEqual(journal.map((_, place) => place + 1))
  expect(repeated(journal)).toEqual([])
  expect(moved(journal, group, true).toSorted()).toEqual(expected)
  expect((await membersOf(here, 'MFA required')).toSorted()).toEqual(expected)
  expect((await here.show(rollout.id)).holds).toEqual([])
  expect(await here.stopServer()).toBe(0)
}, 420_000)

function isStuck(data: Record<string, unknown>): boolean {
  return (data.hold as { kind: string }).kind === 'stuck'
}
