import Sqlite from 'better-sqlite3'
import { expect, test } from 'vitest'
import { joined } from './journal.ts'
import { ledgerOf } from './ledger.ts'
import { gates as gatesOf, PILOT, planText, REST, TEST_WAVE } from './plan-of-waves.ts'
import { DAY, HOUR, METTE, MINUTE, openRig } from './rig.ts'

test('after days without a server one wave is judged on evidence read since, and only the next one begins', async () => {
  const rig = await openRig()
  const id = await rig.started(planText({ waves: [TEST_WAVE, PILOT, REST] }))
  await rig.until('wave.soaking', 'test-user')
  await rig.stop()
  await rig.pass(9 * DAY)
  const before = rig.events.length
  await rig.reopen()
  const back = rig.now()
  await rig.until('wave.completed', 'test-user')
  const gates = await rig.wavegate.service.gates(id, 'test-user')
  const { verdict, result } = gates.find((one) => one.gate === 'lockedOut') ?? {}
  expect(verdict).toBe('pass')
  const { evidence } = result as { evidence: { fetchedAt: number } }
  expect(evidence.fetchedAt).toBeGreaterThanOrEqual(back)
  await rig.until('wave.soaking', 'pilot')
  expect(rig.now() - back).toBeLessThan(HOUR)
  const begun = rig.events.slice(before).filter((event) => event.type === 'wave.preparing')
  expect(begun.map((event) => rig.waveName(event.waveId))).toEqual(['pilot'])
  expect((await rig.show(id)).waves[2]?.state).toBe('pending')
})

test('a soak that ended while nobody was looking is not passed on what was read before', async () => {
  const rig = await openRig()
  const id = await rig.started(planText({ gates: gatesOf({ soak: { for: '26h' } }) }))
  await rig.until('wave.soaking')
  await rig.pass(20 * HOUR)
  await rig.stop()
  await rig.pass(2 * DAY)
  rig.tenant.addFault({ path: '/auditLogs/signIns', do: { kind: 'status', status: 500 } })
  await rig.reopen()
  await rig.until('hold.placed')
  expect((await rig.show(id)).waves[0]?.holds).toMatchObject([{ kind: 'gateUnknown', gate: 'lockedOut' }])
  await rig.pass(DAY)
  expect((await rig.show(id)).waves[0]?.state).not.toBe('completed')
  rig.tenant.clearFaults()
  await rig.until('wave.completed')
})

test('an approval that waited through a stop is asked of nobody twice', async () => {
  const rig = await openRig()
  const id = await rig.started(planText({ gates: gatesOf({ approval: { from: 'approver' } }) }))
  await rig.until('wave.awaitingApproval')
  await rig.stop()
  await rig.pass(30 * DAY)
  await rig.reopen()
  await rig.pass(DAY)
  expect((await rig.show(id)).waves[0]?.state).toBe('awaitingApproval')
  expect(joined(rig)).toEqual([])
})

test('a wake whose token is no longer current changes nothing', async () => {
  const rig = await openRig()
  const id = await rig.started(planText({ gates: gatesOf({ soak: { for: '30h' } }) }))
  await rig.until('wave.soaking')
  await rig.pass(HOUR)
  await rig.act(METTE, 'pause', id, { wave: 'test-user' })
  await rig.stop()
  const db = new Sqlite(rig.config.db)
  db.prepare('insert into timer (instance, token, at, why) values (?, ?, ?, ?)').run(
    `${id}.1`,
    1,
    rig.now(),
    'soak',
  )
  db.close()
  await rig.reopen()
  await rig.pass(3 * DAY)
  expect((await rig.show(id)).waves[0]).toMatchObject({ state: 'soaking', holds: [{ kind: 'user' }] })
  expect((await ledgerOf(rig)).timers).toEqual([])
})

test('an instance that cannot be read keeps no other rollout from waking', async () => {
  const rig = await openRig({ mayLog: /a timer could not wake/ })
  const id = await rig.started(planText({ gates: gatesOf({ soak: { for: '30h' } }) }))
  await rig.until('wave.soaking')
  await rig.stop()
  const db = new Sqlite(rig.config.db)
  db.prepare(
    "insert into wave select 'broken', 'none', 0, name, state, version, '{}', frozen_at, enforcing_at from wave where id = ?",
  ).run(`${id}.1`)
  db.prepare("insert into timer (instance, token, at, why) values ('broken', 1, ?, 'soak')").run(
    rig.now() + MINUTE,
  )
  db.prepare("update wave set state = 'pending' where id = 'broken'").run()
  db.close()
  await rig.reopen()
  await rig.until('wave.judging')
  expect((await rig.show(id)).waves[0]?.state).toBe('judging')
})
