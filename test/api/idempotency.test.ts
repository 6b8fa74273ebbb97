import { expect, test } from 'vitest'
import { PLAN, served } from './served.ts'

test('the same key with the same request answers the same, and makes no second rollout', async () => {
  const { call } = await served()
  const create = () =>
    call('POST', '/api/v1/rollouts', {
      as: 'changeManager',
      body: { plan: PLAN },
      headers: { 'idempotency-key': 'one' },
    })
  const first = await create()
  const second = await create()
  expect(second).toMatchObject({ status: 201, body: first.body })
  expect(first.headers.get('idempotency-replayed')).toBeNull()
  expect(second.headers.get('idempotency-replayed')).toBe('true')
  expect(second.headers.get('location')).toBe(first.headers.get('location'))
  expect((await call('GET', '/api/v1/rollouts')).body.rollouts).toHaveLength(1)
})

test('ten calls at once with one key are one', async () => {
  const { call } = await served()
  const options = {
    as: 'changeManager',
    body: { plan: PLAN },
    headers: { 'idempotency-key': 'ten' },
  } as const
  const answers = await Promise.all(
    Array.from({ length: 10 }, () => call('POST', '/api/v1/rollouts', options)),
  )
  expect(new Set(answers.map(({ status, body }) => `${status} ${body.rollout.id}`)).size).toBe(1)
  expect(answers.filter(({ headers }) => headers.get('idempotency-replayed') === 'true')).toHaveLength(9)
  expect((await call('GET', '/api/v1/rollouts')).body.rollouts).toHaveLength(1)
})

test('a key used before with another request is refused', async () => {
  const { call, draft } = await served()
  const { id } = await draft()
  const abort = (reason: string) =>
    call('POST', `/api/v1/rollouts/${id}/abort`, {
      as: 'onCall',
      body: { reason },
      headers: { 'idempotency-key': 'k' },
    })
  expect((await abort('one')).status).toBe(202)
  expect(await abort('two')).toMatchObject({ status: 422, body: { code: 'idempotencyKeyReused' } })
  expect((await abort('one')).status).toBe(202)
})

test('two people may use the same key', async () => {
  const { call, draft } = await served()
  const { id } = await draft()
  const pause = (as: 'onCall' | 'administrator') =>
    call('POST', `/api/v1/rollouts/${id}/abort`, {
      as,
      body: { reason: 'x' },
      headers: { 'idempotency-key': 'k' },
    })
  expect((await pause('onCall')).status).toBe(202)
  expect((await pause('administrator')).body.code).toBe('roleTooWeak')
})

test('a refusal is not kept: the same call may be right a minute later', async () => {
  const { call, draft } = await served()
  const { id, etag } = await draft()
  const start = (ifMatch: string) =>
    call('POST', `/api/v1/rollouts/${id}/start`, {
      as: 'changeManager',
      body: { reason: 'go' },
      headers: { 'idempotency-key': 'k', 'if-match': ifMatch },
    })
  expect((await start('"old"')).status).toBe(412)
  expect((await start(etag)).status).toBe(202)
})

test('a token is shown once: the same key again says so and shows nothing', async () => {
  const { call } = await served()
  const options = {
    as: 'administrator',
    body: { person: 'ann', role: 'viewer' },
    headers: { 'idempotency-key': 'k' },
  } as const
  const first = await call('POST', '/api/v1/tokens', options)
  expect(first.body.token).toMatch(/^wg_/)
  const second = await call('POST', '/api/v1/tokens', options)
  expect(second).toMatchObject({ status: 409, body: { code: 'tokenAlreadyShown', id: first.body.view.id } })
  expect(JSON.stringify(second.body)).not.toContain(first.body.token)
})
