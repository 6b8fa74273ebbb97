import { expect, test } from 'vitest'
import { PLAN, served } from './served.ts'

const TENTH = `${PLAN}  - { name: tenth, members: { share: 30% } }\n  - { name: everyone, members: rest }\n`
const THIRD = TENTH.replace('30%', '60%')

test('who moves to which wave is told by name, page by page, with the keys that changed', async () => {
  const { call, draft } = await served({ people: 200 })
  const { id } = await draft(TENTH)
  const diff = (body: object) => call('POST', '/api/v1/plans/diff', { body })
  const { status, body } = await diff({ from: { rollout: id }, to: { plan: THIRD } })
  expect(status).toBe(200)
  expect(body.text).toEqual([{ path: 'waves.tenth.members.share', from: '30%', to: '60%' }])
  expect(body.people).toMatchObject({ in: 0, out: 0 })
  expect(body.people.moved).toBeGreaterThan(20)
  expect(body.moves).toHaveLength(20)
  for (const move of body.moves) {
    expect(move).toMatchObject({ from: 'everyone', to: 'tenth', upn: expect.stringContaining('@') })
  }
  const rest = await diff({ from: { rollout: id }, to: { plan: THIRD }, cursor: body.next, limit: 1000 })
  expect(rest.body.moves).toHaveLength(body.people.moved - 20)
  expect(rest.body.next).toBeNull()
  const back = await diff({ from: { plan: THIRD }, to: { plan: PLAN } })
  expect(back.body.people.moved).toBe(0)
  expect(back.body.people.out).toBeGreaterThan(body.people.moved)
  expect(back.body.moves[0]).toMatchObject({ to: null })
  const there = await diff({ from: { plan: PLAN }, to: { plan: THIRD } })
  expect(there.body.people).toEqual({ moved: 0, in: back.body.people.out, out: 0 })
  expect((await diff({ from: { plan: PLAN }, to: { plan: 'waves: []' } })).body.code).toBe('planInvalid')
  expect((await diff({ from: { rollout: 'ro_none' }, to: { plan: PLAN } })).status).toBe(404)
})

test('people of a wave that has begun do not move, whatever a plan says', async () => {
  const { call, draft, clock, server } = await served()
  const { id, etag } = await draft(PLAN)
  const begun = new Promise<void>((resolve) => {
    const stop = server.wavegate.store.onCommit((events) => {
      if (!events.some(({ type }) => type === 'cohort.frozen')) return
      stop()
      resolve()
    })
  })
  const body = { reason: 'go' }
  await call('POST', `/api/v1/rollouts/${id}/start`, {
    as: 'changeManager',
    body,
    headers: { 'if-match': etag },
  })
  await begun
  expect(clock.now()).toBeGreaterThan(0)
  const plan = PLAN.replace('test.user@contoso.com', 'bg3@contoso.onmicrosoft.com')
  const { body: diff } = await call('POST', '/api/v1/plans/diff', {
    body: { from: { rollout: id }, to: { plan } },
  })
  expect(diff.text).toHaveLength(1)
  expect(diff.people).toEqual({ moved: 0, in: 0, out: 0 })
})

test('a plan is read and revised over REST, once for each Idempotency-Key', async () => {
  const { call, draft } = await served()
  const { id, etag } = await draft(PLAN)
  const headers = { 'if-match': etag, 'idempotency-key': 'k1' }
  const body = { plan: THIRD, reason: 'a third first' }
  const put = () => call('PUT', `/api/v1/rollouts/${id}/plan`, { as: 'changeManager', body, headers })
  const first = await put()
  expect(first).toMatchObject({
    status: 200,
    body: { changed: true, revision: 2, rollout: { revisions: [{ number: 1 }, { number: 2 }] } },
  })
  expect(first.headers.get('etag')).toBe(first.body.rollout.etag)
  expect(first.body.rollout.etag).not.toBe(etag)
  const again = await put()
  expect(again.headers.get('idempotency-replayed')).toBe('true')
  const plan = await call('GET', `/api/v1/rollouts/${id}/plan?revision=1`)
  expect(plan.body).toMatchObject({ number: 1, text: PLAN })
  expect((await call('GET', `/api/v1/rollouts/${id}/plan`)).body).toMatchObject({
    number: 2,
    text: THIRD,
    reason: 'a third first',
    by: 'changeManager@contoso.com',
  })
})
