import { connect } from 'node:net'
import { text } from 'node:stream/consumers'
import { expect, test } from 'vitest'
import { type CallOptions, PLAN, served } from './served.ts'

const JSON_TYPE = { 'content-type': 'application/json' }

const REFUSED: [
  why: string,
  method: string,
  path: string,
  options: CallOptions,
  status: number,
  code: string,
  detail: string,
][] = [
  [
    'not JSON',
    'POST',
    '/api/v1/rollouts',
    { body: '{"plan":', headers: JSON_TYPE },
    400,
    'bodyNotJson',
    'not JSON',
  ],
  [
    'an empty body',
    'POST',
    '/api/v1/rollouts',
    { body: '', headers: JSON_TYPE },
    400,
    'bodyNotJson',
    'empty',
  ],
  [
    'a poisoned key',
    'POST',
    '/api/v1/rollouts',
    { body: '{"__proto__":{"a":1}}', headers: JSON_TYPE },
    400,
    'bodyNotJson',
    'not JSON',
  ],
  [
    'a form',
    'POST',
    '/api/v1/rollouts',
    { body: 'a=b', headers: { 'content-type': 'application/x-www-form-urlencoded' } },
    415,
    'unsupportedMediaType',
    'x-www-form-urlencoded',
  ],
  [
    'plain text',
    'POST',
    '/api/v1/rollouts',
    { body: 'version: 1', headers: { 'content-type': 'text/plain' } },
    415,
    'unsupportedMediaType',
    'text/plain',
  ],
  ['no plan', 'POST', '/api/v1/rollouts', { body: {} }, 400, 'requestInvalid', 'body.plan'],
  [
    'a plan that is a number',
    'POST',
    '/api/v1/rollouts',
    { body: { plan: 7 } },
    400,
    'requestInvalid',
    'body.plan: the plan is YAML text or a JSON object',
  ],
  [
    'a key too many',
    'POST',
    '/api/v1/rollouts',
    { body: { plan: PLAN, dryRun: true } },
    400,
    'requestInvalid',
    'dryRun',
  ],
  ['an unknown call', 'GET', '/api/v1/nothing', {}, 404, 'routeNotFound', 'There is no GET /api/v1/nothing'],
  [
    'an unknown method',
    'PUT',
    '/api/v1/rollouts',
    {},
    404,
    'routeNotFound',
    'There is no PUT /api/v1/rollouts',
  ],
  ['a broken address', 'GET', '/api/v1/rollouts/%zz', {}, 400, 'requestInvalid', '%zz'],
  ['an unknown rollout', 'GET', '/api/v1/rollouts/ro_none', {}, 404, 'rolloutNotFound', 'ro_none'],
  [
    'events of an unknown rollout',
    'GET',
    '/api/v1/rollouts/ro_none/events',
    {},
    404,
    'rolloutNotFound',
    'ro_none',
  ],
  [
    'a stream of an unknown rollout',
    'GET',
    '/api/v1/rollouts/ro_none/events',
    { headers: { accept: 'text/event-stream' } },
    404,
    'rolloutNotFound',
    'ro_none',
  ],
  [
    'a page of nobody',
    'GET',
    '/api/v1/rollouts/ID/waves/pilot/members?limit=0',
    {},
    400,
    'requestInvalid',
    'query.limit',
  ],
  [
    'an unknown question',
    'GET',
    '/api/v1/rollouts/ID/waves/pilot/members?outcom=failed',
    {},
    400,
    'requestInvalid',
    'outcom',
  ],
  [
    'a cursor of nowhere',
    'GET',
    '/api/v1/rollouts/ID/waves/pilot/members?cursor=x',
    {},
    400,
    'requestInvalid',
    'cursor',
  ],
  [
    'a sequence number below zero',
    'GET',
    '/api/v1/events?after=-1',
    {},
    400,
    'requestInvalid',
    'query.after',
  ],
  [
    'a Last-Event-ID in words',
    'GET',
    '/api/v1/events',
    { headers: { 'last-event-id': 'yesterday' } },
    400,
    'requestInvalid',
    'headers.last-event-id',
  ],
  [
    'an unknown wave',
    'POST',
    '/api/v1/rollouts/ID/waves/none/pause',
    { as: 'onCall', body: { reason: 'stop' } },
    404,
    'waveNotFound',
    'none',
  ],
  ['an unknown person', 'GET', '/api/v1/rollouts/ID/people/nobody', {}, 404, 'personNotFound', 'nobody'],
  [
    'a verb without a body',
    'POST',
    '/api/v1/rollouts/ID/pause',
    { as: 'onCall' },
    400,
    'reasonMissing',
    'pause asks for a reason',
  ],
  [
    'a verb without a reason',
    'POST',
    '/api/v1/rollouts/ID/pause',
    { as: 'onCall', body: {} },
    400,
    'reasonMissing',
    'pause',
  ],
  [
    'a reason of blanks',
    'POST',
    '/api/v1/rollouts/ID/pause',
    { as: 'onCall', body: { reason: '  ' } },
    400,
    'reasonMissing',
    'pause',
  ],
  [
    'a reason that is a number',
    'POST',
    '/api/v1/rollouts/ID/pause',
    { as: 'onCall', body: { reason: 7 } },
    400,
    'requestInvalid',
    'body.reason',
  ],
  [
    'a dry run misspelt',
    'POST',
    '/api/v1/rollouts/ID/abort',
    { as: 'onCall', body: { reason: 'x', dryrun: true } },
    400,
    'requestInvalid',
    'dryrun',
  ],
  [
    'a verb not said of a rollout',
    'POST',
    '/api/v1/rollouts/ID/retry',
    { as: 'onCall', body: { reason: 'x' } },
    404,
    'routeNotFound',
    'retry',
  ],
  [
    'a verb in a state that does not know it',
    'POST',
    '/api/v1/rollouts/ID/rollback',
    { as: 'onCall', body: { reason: 'x' } },
    409,
    'verbNotPossible',
    'draft',
  ],
  [
    'an unknown role',
    'POST',
    '/api/v1/tokens',
    { as: 'administrator', body: { person: 'ann', role: 'king' } },
    400,
    'requestInvalid',
    'body.role',
  ],
]

test.each(REFUSED)(
  '%s is refused as a problem',
  async (_why, method, path, options, status, code, detail) => {
    const { call, draft } = await served()
    const { id } = path.includes('ID') ? await draft() : { id: '' }
    const as = options.as ?? 'changeManager'
    const { headers, ...answer } = await call(method, path.replace('ID', id), { ...options, as })
    expect(answer).toMatchObject({ status, body: { code, status, type: `urn:wavegate:error:${code}` } })
    expect(headers.get('content-type')).toContain('application/problem+json')
    expect(`${answer.body.title} ${answer.body.detail}`).toContain(detail)
    expect(answer.body.hint).not.toBe('')
    expect(JSON.stringify(answer.body)).not.toMatch(/\{(\w+)\}/)
  },
)

test('a plan that is refused names every problem by line, column and code, and nothing is stored', async () => {
  const { call } = await served()
  const plan = PLAN.replace('share', 'shore').replace(
    'timezone: Europe/Copenhagen',
    'timezone: Europe/Kopenhagen',
  )
  const answer = await call('POST', '/api/v1/rollouts', { as: 'changeManager', body: { plan } })
  expect(answer).toMatchObject({ status: 422, body: { code: 'planInvalid' } })
  expect(answer.body.problems).toContainEqual(
    expect.objectContaining({
      code: 'unknownZone',
      line: 4,
      column: 11,
      hint: expect.any(String),
      severity: 'error',
    }),
  )
  expect((await call('GET', '/api/v1/rollouts')).body.rollouts).toEqual([])
})

test('a body of 50 MB is refused before it is read', async () => {
  const { server, tokens } = await served()
  const answer = await new Promise<string>((resolve, reject) => {
    const socket = connect(Number(new URL(server.url).port), '127.0.0.1', async () => {
      const head = ['POST /api/v1/rollouts HTTP/1.1', 'Host: localhost', 'Content-Type: application/yaml']
      const size = `Content-Length: ${50 * 1024 * 1024}`
      socket.write(
        [...head, size, `Authorization: Bearer ${tokens.changeManager}`, '', 'version: 1'].join('\r\n'),
      )
      resolve(await text(socket))
    }).on('error', reject)
  })
  expect(answer).toMatch(/^HTTP\/1.1 413 /)
  expect(answer).toContain('"code":"bodyTooLarge"')
})

test('a body that turns out too large without having said so is refused', async () => {
  const { call } = await served()
  const answer = await call('POST', '/api/v1/rollouts', {
    as: 'changeManager',
    body: { plan: 'x'.repeat(1_500_001) },
  })
  expect(answer).toMatchObject({ status: 413, body: { code: 'bodyTooLarge', limit: 1_500_000 } })
})

test('bytes that are not HTTP get a problem as well', async () => {
  const { server } = await served()
  const answer = await new Promise<string>((resolve, reject) => {
    const socket = connect(Number(new URL(server.url).port), '127.0.0.1', async () => {
      socket.write('hello\r\n\r\n')
      resolve(await text(socket))
    }).on('error', reject)
  })
  expect(answer).toContain('application/problem+json')
  expect(answer).toContain('"code":"requestInvalid"')
})
