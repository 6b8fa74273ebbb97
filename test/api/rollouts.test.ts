import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { PLAN, served } from './served.ts'

test('a plan is taken as YAML in JSON, as YAML as it is, and as JSON', async () => {
  const { call } = await served()
  const bodies = [
    { body: { plan: PLAN } },
    { body: PLAN, headers: { 'content-type': 'application/yaml' } },
    { body: { plan: parse(PLAN) } },
  ]
  for (const options of bodies) {
    const made = await call('POST', '/api/v1/rollouts', { as: 'changeManager', ...options })
    expect(made.status).toBe(201)
    expect(made.body.rollout).toMatchObject({
      name: 'mfa-test',
      state: 'draft',
      createdBy: 'changeManager@contoso.com',
    })
    expect(made.headers.get('location')).toBe(`/api/v1/rollouts/${made.body.rollout.id}`)
    expect(made.headers.get('etag')).toBe(made.body.rollout.etag)
    const seen = await call('GET', made.headers.get('location') ?? '')
    expect(seen.body).toMatchObject({
      id: made.body.rollout.id,
      waves: [{ name: 'test-user' }, { name: 'pilot' }],
    })
  }
  expect((await call('GET', '/api/v1/rollouts')).body.rollouts).toHaveLength(3)
})

test('who has seen the rollout as it is gets 304, until its state changes', async () => {
  const { call, draft } = await served()
  const { id, etag } = await draft()
  const look = (tag: string) => call('GET', `/api/v1/rollouts/${id}`, { headers: { 'if-none-match': tag } })
  expect((await look(etag)).status).toBe(304)
  expect((await look(`W/${etag}, "other"`)).status).toBe(304)
  expect((await look('"other"')).status).toBe(200)
  await call('POST', `/api/v1/rollouts/${id}/abort`, { as: 'onCall', body: { reason: 'not now' } })
  const after = await look(etag)
  expect(after.status).toBe(200)
  expect(after.headers.get('etag')).not.toBe(etag)
})

test('a verb that asks for If-Match is refused without it and with one that is out of date', async () => {
  const { call, draft } = await served()
  const { id, etag } = await draft()
  const start = (headers: Record<string, string>) =>
    call('POST', `/api/v1/rollouts/${id}/start`, { as: 'changeManager', body: { reason: 'go' }, headers })
  expect(await start({})).toMatchObject({ status: 428, body: { code: 'ifMatchMissing', etag } })
  expect(await start({ 'if-match': '"old"' })).toMatchObject({
    status: 412,
    body: { code: 'ifMatchStale', etag },
  })
  const started = await start({ 'if-match': etag })
  expect(started).toMatchObject({
    status: 202,
    body: { verb: 'start', changed: true, rollout: { state: 'running' } },
  })
  expect(started.headers.get('etag')).toBe(started.body.rollout.etag)
})

test('nobody who stops or takes back is asked for If-Match', async () => {
  const { call, draft } = await served()
  const { id } = await draft()
  const answer = await call('POST', `/api/v1/rollouts/${id}/abort`, { as: 'onCall', body: { reason: 'no' } })
  expect(answer).toMatchObject({ status: 202, body: { changed: true } })
  const again = await call('POST', `/api/v1/rollouts/${id}/abort`, { as: 'onCall', body: { reason: 'no' } })
  expect(again).toMatchObject({ status: 200, body: { changed: false } })
})

test('a dry run says what would happen and changes nothing', async () => {
  const { call, draft } = await served()
  const { id, etag } = await draft()
  const body = { reason: 'to see', dryRun: true }
  const answer = await call('POST', `/api/v1/rollouts/${id}/abort`, { as: 'onCall', body })
  expect(answer).toMatchObject({
    status: 200,
    body: { changed: false, dryRun: true, rollout: { state: 'draft', etag } },
  })
})

test('what goes wrong inside stays inside: an id to find it by, and not a word more', async () => {
  const { server, call } = await served()
  server.wavegate.service.listRollouts = async () => {
    throw new Error('secret: the disk at /var/lib/wavegate is on fire')
  }
  const answer = await call('GET', '/api/v1/rollouts')
  expect(answer).toMatchObject({
    status: 500,
    body: { code: 'internal', id: expect.stringMatching(/^[0-9a-f-]{36}$/) },
  })
  expect(JSON.stringify(answer.body)).not.toContain('secret')
})
