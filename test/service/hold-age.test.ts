import { expect, test } from 'vitest'
import { planText, TEST_WAVE } from '../engine/plan-of-waves.ts'
import { DAY, HOUR, METTE, ONA, openRig, type Rig } from '../engine/rig.ts'

const RULES = { remindAt: ['50%', '90%'], expireAfter: '10h', onExpire: 'escalate' as const }

async function paused(holds: object = RULES): Promise<{ rig: Rig; id: string }> {
  const rig = await openRig()
  const id = await rig.started(planText({ waves: [TEST_WAVE], holds }))
  await rig.until('wave.soaking')
  await rig.act(METTE, 'pause', id, { reason: 'lunch' })
  return { rig, id }
}

function said(rig: Rig): string[] {
  return rig.events
    .filter(({ type }) => /^hold\.(reminder|escalated|expired)$/.test(type))
    .map(({ type }) => type)
}

test('a hold that stands is reminded of at its shares and escalated once, and nobody is moved by it', async () => {
  const { rig, id } = await paused()
  const since = rig.now()
  const before = rig.tenant.world.journal.entries.length
  const first = await rig.until('hold.reminder')
  expect(first.at - since).toBe(5 * HOUR)
  expect(first.data).toMatchObject({ percent: 50, expiresAt: since + 10 * HOUR, hold: { kind: 'user' } })
  expect((await rig.until('hold.reminder')).at - since).toBe(9 * HOUR)
  const last = await rig.until('hold.escalated')
  expect(last.at - since).toBe(10 * HOUR)
  expect(last.reason).toContain('lunch')
  await rig.pass(3 * DAY)
  expect(said(rig)).toEqual(['hold.reminder', 'hold.reminder', 'hold.escalated'])
  expect(await rig.show(id)).toMatchObject({ state: 'running', holds: [{ kind: 'user' }] })
  expect(rig.tenant.world.journal.entries).toHaveLength(before)
})

test('a hold that was lifted is not spoken of again, and one placed anew begins at nothing', async () => {
  const { rig, id } = await paused()
  await rig.until('hold.reminder')
  await rig.act(METTE, 'resume', id)
  await rig.act(ONA, 'pause', id)
  const since = rig.now()
  expect((await rig.until('hold.reminder')).at - since).toBe(5 * HOUR)
  await rig.act(METTE, 'resume', id)
  await rig.pass(DAY)
  expect(said(rig)).toEqual(['hold.reminder', 'hold.reminder'])
})

test('a plan may have its end noted instead of escalated', async () => {
  const { rig } = await paused({ remindAt: [], expireAfter: '2h', onExpire: 'note' })
  await rig.until('hold.expired')
  expect(said(rig)).toEqual(['hold.expired'])
})

test('reminders survive a stop, and what fell due meanwhile is said at the next start', async () => {
  const { rig } = await paused()
  await rig.stop()
  await rig.pass(DAY)
  expect(said(rig)).toEqual([])
  await rig.reopen()
  await rig.until('hold.escalated')
  expect(said(rig)).toEqual(['hold.reminder', 'hold.reminder', 'hold.escalated'])
})

test('a hold is shown with its age, when it has stood too long, and what happens then', async () => {
  const { rig, id } = await paused()
  const since = rig.now()
  await rig.pass(3 * HOUR)
  expect((await rig.show(id)).holds).toMatchObject([
    { ageMs: 3 * HOUR, expiresAt: new Date(since + 10 * HOUR).toISOString(), onExpire: 'escalate' },
  ])
  const says = await rig.wavegate.service.explain(id)
  expect(says.join('\n')).toContain('Now 3 h old; escalates at ')
  await rig.pass(DAY)
  expect((await rig.wavegate.service.explain(id)).join('\n')).toContain('Now 27 h old; escalated at ')
})
