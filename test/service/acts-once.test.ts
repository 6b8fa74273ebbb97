import { expect, test } from 'vitest'
import type { Keep, StoredAnswer, VerbAnswer, VerbCall } from '../../src/service.ts'
import { ProcessEnded } from '../engine/commit-points.ts'
import { joined } from '../engine/journal.ts'
import { gates, PILOT, planText, TEST_USER, TEST_WAVE } from '../engine/plan-of-waves.ts'
import { ANDERS, HANNE, HOUR, METTE, ONA, openRig, type Rig } from '../engine/rig.ts'

const approved = gates({ approval: { from: 'approver' }, soak: { for: '12h' } })
let keys = 0

function keeping(key = `key-${++keys}`): Keep {
  return { key, request: 'a request', kept: (answer: StoredAnswer) => answer, isKept: false }
}

/** Says a verb with a key; the commit that holds the act has to hold the answer too. */
async function sayOnce(
  rig: Rig,
  caller: typeof METTE,
  verb: VerbCall['verb'],
  rollout: string,
  more: Partial<VerbCall> = {},
): Promise<VerbAnswer> {
  const from = rig.committed.length
  const keep = keeping()
  const answer = await rig.act(caller, verb, rollout, more, keep)
  expect(answer, verb).toMatchObject({ changed: true })
  expect(keep.isKept, verb).toBe(true)
  const commits = rig.committed.slice(from).map(({ wrote }) => wrote)
  const kept = commits.filter((wrote) => wrote.includes('rememberAnswer'))
  expect(kept, verb).toHaveLength(1)
  // Disarm says first that it will, and what came of it beside the answer.
  const act = { disarm: 'append:policy.disarmed', restart: 'append:rollout.draft' }[verb as string]
  expect(kept[0], verb).toContain(act ?? `append:verb.${verb}`)
  expect(await rig.wavegate.service.answered(caller, keep.key, keep.request), verb).toMatchObject({
    status: 202,
    body: { verb, says: answer.says, rollout: { id: answer.rollout.id, etag: answer.rollout.etag } },
  })
  return answer
}

test('every verb on a rollout or a wave has its answer in the transaction of the act', async () => {
  const rig = await openRig()
  const id = await rig.draft(planText({ gates: approved }))
  await sayOnce(rig, METTE, 'start', id)
  await rig.until('wave.awaitingApproval')
  await sayOnce(rig, ONA, 'pause', id, { wave: 'test-user' })
  await sayOnce(rig, ONA, 'resume', id, { wave: 'test-user' })
  await sayOnce(rig, ANDERS, 'approve', id, { wave: 'test-user' })
  await rig.until('wave.soaking')
  await sayOnce(rig, METTE, 'extend', id, { wave: 'test-user', by: '2h' })
  await sayOnce(rig, METTE, 'shorten', id, { wave: 'test-user', by: '1h' })
  await sayOnce(rig, ONA, 'disarm', id)
  await sayOnce(rig, METTE, 'rearm', id)
  await sayOnce(rig, METTE, 'advance', id, { wave: 'test-user' })
  await rig.until('wave.awaitingApproval', 'pilot')
  await sayOnce(rig, ANDERS, 'reject', id, { wave: 'pilot' })
  await sayOnce(rig, METTE, 'skip', id, { wave: 'pilot' })
  await rig.ended(id)
  await sayOnce(rig, ONA, 'rollback', id)
  await rig.ended(id)
  const { rollout } = await sayOnce(rig, METTE, 'restart', id)
  expect(rollout.id).not.toBe(id)
})

test('so has every verb on people', async () => {
  const rig = await openRig({ mayLog: /./ })
  const id = await rig.started(planText({ waves: [TEST_WAVE, PILOT] }))
  await rig.until('wave.soaking', 'pilot')
  const [person = ''] = joined(rig).filter((one) => one !== rig.tenant.world.person(TEST_USER).id)
  const body = { error: { code: 'Request_BadRequest', message: 'not now' } }
  rig.tenant.addFault({
    method: 'DELETE',
    path: `/members/${person}/`,
    do: { kind: 'status', status: 400, body },
  })
  await sayOnce(rig, HANNE, 'rollback', id, { people: [person] })
  await rig.until('members.failed')
  await sayOnce(rig, ONA, 'resolve', id, { people: [person] })
  await sayOnce(rig, ONA, 'abort', id)
})

test('so have accept and retry', async () => {
  const rig = await openRig({ mayLog: /./ })
  const body = { error: { code: 'Request_BadRequest', message: 'not now' } }
  rig.tenant.addFault({ method: 'PATCH', path: '/groups/', do: { kind: 'status', status: 400, body } })
  const id = await rig.started(planText({ waves: [TEST_WAVE, PILOT] }))
  await rig.until('hold.placed')
  rig.tenant.clearFaults()
  await sayOnce(rig, ANDERS, 'accept', id, { wave: 'test-user', gates: ['failedChanges'] })
  await sayOnce(rig, ONA, 'retry', id, { people: [TEST_USER] })
  await rig.until('wave.soaking')
})

test('so have freeze, thaw, a draft and a token', async () => {
  const rig = await openRig()
  const { service } = rig.wavegate
  const admin = { ...METTE, roles: ['administrator'] as const }
  const acts: [string, (keep: Keep) => Promise<unknown>][] = [
    ['append:verb.freeze', (keep) => service.freeze(ONA, 'month-end', false, keep)],
    ['append:verb.thaw', (keep) => service.thaw(ONA, 'over', false, keep)],
    [
      'append:rollout.draft',
      (keep) => rig.answer(() => service.createRollout(METTE, planText(), keep.key, {}, keep)),
    ],
    ['insertToken', (keep) => service.createToken(admin, 'ann', 'viewer', keep)],
  ]
  for (const [word, act] of acts) {
    const from = rig.committed.length
    const keep = keeping()
    await act(keep)
    const commits = rig.committed.slice(from).map(({ wrote }) => wrote)
    expect(commits.filter((wrote) => wrote.includes(word))).toEqual([
      expect.arrayContaining([word, 'rememberAnswer']),
    ])
    expect(keep.isKept).toBe(true)
  }
})

test('killed straight after the act, the same call again is answered and acts no second time', async () => {
  const rig = await openRig({
    byHand: true,
    mayLog: /the process was killed|driver has already been destroyed/,
  })
  const id = await rig.started(planText({ gates: gates({ soak: { for: '12h' } }) }))
  await rig.until('wave.soaking')
  const soak = async () => (await rig.show(id)).waves[0]?.soak.forMs
  const before = (await soak()) as number
  const { etag } = await rig.show(id)
  const call: VerbCall = {
    verb: 'extend',
    rollout: id,
    wave: 'test-user',
    by: '2h',
    reason: 'a test',
    dryRun: false,
    ifMatch: etag,
  }
  const keep = keeping('the key')
  const death = rig.killedAfter(1, 'beforeCall')
  await expect(rig.wavegate.service.act(METTE, call, keep)).rejects.toThrow(ProcessEnded)
  await death
  await rig.reopen()
  expect(await soak()).toBe(before + 2 * HOUR)
  const answered = await rig.wavegate.service.answered(METTE, 'the key', 'a request')
  expect(answered).toMatchObject({ status: 202, body: { verb: 'extend', changed: true } })
  await rig.close()
})

test('killed before the act is committed, nothing is answered and nothing was done', async () => {
  const rig = await openRig({
    byHand: true,
    mayLog: /the process was killed|driver has already been destroyed/,
  })
  const id = await rig.started(planText({ gates: gates({ soak: { for: '12h' } }) }))
  await rig.until('wave.soaking')
  const { etag, waves } = await rig.show(id)
  const call: VerbCall = {
    verb: 'extend',
    rollout: id,
    wave: 'test-user',
    by: '2h',
    reason: 'a test',
    dryRun: false,
    ifMatch: etag,
  }
  // The answer cannot be put on record: the key is taken by then, and the act goes with it.
  await rig.wavegate.service.remember(METTE, keeping('taken'), { status: 200, body: {} })
  await expect(rig.wavegate.service.act(METTE, call, keeping('taken'))).rejects.toThrow(/UNIQUE/)
  expect((await rig.show(id)).waves[0]?.soak.forMs).toBe(waves[0]?.soak.forMs)
  expect(rig.events.filter(({ type }) => type === 'verb.extend')).toEqual([])
  await rig.close()
})
