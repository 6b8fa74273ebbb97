import { expect, test } from 'vitest'
import type { EventView, RolloutView } from '../../src/service.ts'
import { groupId, membersOf, moved, peopleWhoGo, repeated } from './expectations.ts'
import { PLAN } from './plan.ts'
import { type Rehearsal, rehearsal } from './rehearsal.ts'

const FORWARD = [
  'preparing',
  'checkingReadiness',
  'awaitingApproval',
  'awaitingWindow',
  'enforcing',
  'soaking',
  'judging',
] as const

/** The state of a wave as the database of a dead server has it, read by a command that opens it itself. */
async function stateAtDeath(here: Rehearsal, rollout: string, wave: string): Promise<string | undefined> {
  const shown = await here.local(['rollout', 'show', rollout, '--json'])
  const view = JSON.parse(shown.out) as RolloutView
  return view.waves.find(({ name }) => name === wave)?.state
}

test('a server killed in every state of a wave goes on as if nothing had happened, forward and back', async () => {
  const here = await rehearsal({ people: 60 })
  await here.startTenant()
  await here.startServer()
  await here.makeTokens()
  const expected = [...(await peopleWhoGo(here))].toSorted()
  const group = await groupId(here, 'MFA required')
  const { rollout } = await here.api<{ rollout: RolloutView }>('changeManager', 'POST', '/rollouts', {
    plan: PLAN,
  })
  await here.act('changeManager', 'start', rollout.id)

  // Every state once; a state that was over before the signal came is caught in a later wave.
  const untried = new Set<string>(FORWARD)
  const caught: string[] = []
  async function killNow(wave: string): Promise<void> {
    await here.killServer()
    here.thawTenant()
    const state = await stateAtDeath(here, rollout.id, wave)
    if (state !== undefined && untried.delete(state)) caught.push(state)
    await here.startServer()
  }
  const stateOf = (event: EventView) =>
    event.type.startsWith('wave.') ? event.type.slice('wave.'.length) : ''
  for (let seen = 0, over = false; !over; ) {
    const isNews = (event: EventView) => stateOf(event) !== '' || event.type.startsWith('rollout.')
    const event = await here.event(rollout.id, isNews, seen)
    seen = event.seq
    over = /^rollout\.(completed|aborted|roll)/.test(event.type)
    if (event.wave === null) continue
    if (untried.has(stateOf(event))) await killNow(event.wave)
    if (event.type !== 'wave.awaitingApproval') continue
    // What follows the approval takes one call to the tenant, which answers only when the server is dead.
    if (untried.has('awaitingWindow')) here.freezeTenant()
    await here.act('approver', 'approve', rollout.id, event.wave)
  }
  expect({ caught: caught.toSorted(), untried: [...untried] }).toEqual({
    caught: FORWARD.toSorted(),
    untried: [],
  })

  const ended = await here.show(rollout.id)
  expect(ended).toMatchObject({ state: 'completedWithLeftovers', holds: [] })
  expect((await membersOf(here, 'MFA required')).toSorted()).toEqual(expected)
  const forward = await here.journal()
  expect(repeated(forward)).toEqual([])
  expect(moved(forward, group, true).toSorted()).toEqual(expected)
  expect(moved(forward, group, false)).toEqual([])

  // The way back, killed in the middle of a call that the tenant has and will carry out.
  here.freezeTenant()
  await here.act('onCall', 'rollback', rollout.id)
  await here.event(rollout.id, ({ type }) => type === 'wave.rollingBack')
  await here.killServer()
  here.thawTenant()
  expect(await stateAtDeath(here, rollout.id, 'everyone')).toBe('rollingBack')
  await here.startServer()
  await here.event(rollout.id, ({ type }) => type === 'rollout.rolledBack')

  const back = await here.journal()
  expect(repeated(back)).toEqual([])
  expect(moved(back, group, false).toSorted()).toEqual(expected)
  expect(await membersOf(here, 'MFA required')).toEqual([])
  for (const { name } of ended.waves) {
    for (const member of await here.members(rollout.id, name)) {
      expect(member.restore, member.upn).toBe(expected.includes(member.personId) ? 'restored' : 'untouched')
    }
  }
  expect(await here.stopServer()).toBe(0)
}, 420_000)
