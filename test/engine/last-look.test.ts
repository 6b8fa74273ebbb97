import { expect, test } from 'vitest'
import { simulatedClock } from '../../src/clock/simulated-clock.ts'
import { openWavegate } from '../../src/main.ts'
import { joined, readyPeople } from './journal.ts'
import { ledgerOf } from './ledger.ts'
import { planText, TEST_USER } from './plan-of-waves.ts'
import { HOUR, ONA, openRig, type Rig } from './rig.ts'

const MAY_LOG = /the process was killed|driver has already been destroyed/

/** Killed in the middle of a chunk, aborted by a command that opens the database itself, then started again. */
async function cutOffAndAborted(when: 'beforeCall' | 'afterCall'): Promise<{ rig: Rig; people: string[] }> {
  const rig = await openRig({ people: 30, byHand: true, mayLog: MAY_LOG })
  const people = [rig.tenant.world.person(TEST_USER).id, ...readyPeople(rig, 4)].toSorted()
  const id = await rig.draft(planText({ waves: [{ name: 'test-user', members: { users: people } }] }))
  const death = new Promise<void>((resolve) =>
    rig.whenWritten('intend:apply', () => void rig.killedAfter(1, when).then(resolve)),
  )
  const { etag } = await rig.show(id)
  void rig.wavegate.service.act(
    { ...ONA, roles: ['changeManager'] },
    { verb: 'start', rollout: id, reason: 'a test', dryRun: false, ifMatch: etag },
  )
  void rig.until(() => false).catch(() => {})
  await death
  const clock = simulatedClock({ start: rig.now() })
  const offline = await openWavegate({ config: rig.config, secrets: { clientSecret: '' }, clock })
  const call = { verb: 'abort' as const, rollout: id, reason: 'enough', dryRun: false }
  await offline.service.act(ONA, call)
  await offline.close()
  clock.stop()
  await rig.reopen()
  return { rig, people }
}

test('who was sent when the process ended is in place after an abort, as the directory shows', async () => {
  const { rig, people } = await cutOffAndAborted('afterCall')
  await rig.pass(HOUR)
  expect(joined(rig).toSorted()).toEqual(people)
  const { members, tasks } = await ledgerOf(rig)
  expect(members.map(({ outcome }) => outcome)).toEqual(people.map(() => 'done'))
  expect(tasks.filter(({ kind }) => kind === 'work')).toEqual([])
  await rig.close()
})

test('whose call was never made is unknown after an abort, and nobody is sent again', async () => {
  const { rig, people } = await cutOffAndAborted('beforeCall')
  await rig.pass(HOUR)
  expect(joined(rig)).toEqual([])
  const { members } = await ledgerOf(rig)
  expect(members.map(({ outcome }) => outcome)).toEqual(people.map(() => 'unknown'))
  await rig.close()
})
