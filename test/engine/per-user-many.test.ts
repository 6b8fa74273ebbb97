import { expect, test } from 'vitest'
import { planText, REST, TEST_WAVE } from './plan-of-waves.ts'
import { METTE, ONA, openRig, type Rig } from './rig.ts'

const PLAN = planText({
  enforce: { by: 'per-user-mfa' },
  pace: { people: 1_000, per: '1h' },
  waves: [TEST_WAVE, REST],
})

/** How much of what the limit on per-user MFA allows was used, from now until the answer's function is called. */
function sharing(rig: Rig): () => number {
  const look = () => {
    const bucket = rig.wavegate.service.limits().buckets.find((one) => one.bucket === 'reports')
    return { sent: bucket?.sent ?? 0, at: rig.now(), perMs: (bucket?.allowed ?? 0) / (bucket?.windowMs ?? 1) }
  }
  const from = look()
  return () => {
    const to = look()
    return (to.sent - from.sent) / ((to.at - from.at) * from.perMs)
  }
}

test('people who take longer to read than a reading is good for go under per-user MFA all the same, and the limit is not left idle', async () => {
  const rig = await openRig({ people: 320 })
  const id = await rig.started(PLAN)
  await rig.until('wave.enforcing', 'everyone')
  const share = sharing(rig)
  await rig.until('wave.soaking', 'everyone')
  expect(share()).toBeGreaterThan(0.9)
  const [, wave] = (await rig.wavegate.service.showRollout(id)).waves
  expect(wave?.counts.inPlace).toBeGreaterThan(150)
  expect(wave?.counts).toMatchObject({ pending: 0, unknown: 0, failed: 0 })
})

test('a pause in the middle stops all parties of a chunk, and what was sent is on record', async () => {
  const rig = await openRig({ people: 320 })
  const id = await rig.started(PLAN)
  await rig.until('members.inPlace', 'everyone')
  await rig.act(METTE, 'pause', id)
  const paused = rig.now()
  await rig.pass(90 * 60_000)
  const changes = rig.tenant.world.journal.entries.filter(
    ({ actor, target, at }) =>
      actor === 'app' &&
      target.endsWith('/authentication/requirements') &&
      Date.parse(at) > paused + 2 * 60_000,
  )
  expect(changes).toEqual([])
  await rig.act(ONA, 'rollback', id)
  expect(await rig.ended(id)).toMatchObject({ state: 'rolledBack' })
  for (const person of rig.tenant.world.people) {
    const ours = rig.tenant.world.journal.entries.find(({ target }) => target.includes(person.id))
    if (ours) expect(person.perUserMfa).toBe((ours.before as { perUserMfaState: string }).perUserMfaState)
  }
})
