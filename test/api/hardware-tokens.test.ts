import { expect, test } from 'vitest'
import { wavegate } from '../cli/run.ts'
import { PLAN, type Served, served } from './served.ts'

const HEAD = 'upn,serial number,secret key,time interval,manufacturer,model'
const KEY = 'a key for tests, longer than a word is'
const SECRET = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ'
const LIST = `${HEAD}\nann@contoso.com,T1,${SECRET},30,Contoso,One\nbo@contoso.com,T2,0189,30,Contoso,One\n`
const DOOR = '/api/v1/hardware-tokens'

function send(
  { call }: Served,
  text: string,
  path = DOOR,
  as: 'changeManager' | 'approver' = 'changeManager',
) {
  return call('POST', path, { as, body: text, headers: { 'content-type': 'text/csv' } })
}

test('a list comes in by a door of its own, and nothing of its secrets goes out again', async () => {
  const one = await served({ secretKey: KEY })
  const first = await send(one, LIST, `${DOOR}?name=tokens.csv`)
  expect(first).toMatchObject({
    status: 201,
    body: {
      name: 'tokens.csv',
      tokens: 1,
      secretsKept: 1,
      findings: [{ line: 3, code: 'csvTokenUnusable' }],
    },
  })
  expect((await send(one, LIST)).status).toBe(200)
  const shown = await one.call('GET', `${DOOR}/${first.body.digest}`)
  expect(shown.body).toEqual(first.body)
  const events = (await one.call('GET', '/api/v1/events?limit=1000')).body.events
  const told = events.filter((event: { type: string }) => event.type === 'tokens.received')
  expect(told).toMatchObject([{ actor: 'changeManager@contoso.com', data: { tokens: 1, findings: 1 } }])
  expect(JSON.stringify([first, shown, events])).not.toMatch(/GEZDGNBV|0189/)
  const stored = await one.server.wavegate.store.read.tokensOf(first.body.digest)
  expect(stored).toMatchObject([{ serial: 'T1', sealed: expect.stringMatching(/^v1\.[\w-]{60,}$/) }])
  expect((await one.call('GET', `${DOOR}/sha256:${'0'.repeat(64)}`)).body.code).toBe('fileNotFound')
})

test('the store of files takes no such list, and this door nothing else', async () => {
  const one = await served({ secretKey: KEY })
  expect((await send(one, LIST, '/api/v1/files')).body.code).toBe('fileHoldsSecrets')
  expect(JSON.stringify(await send(one, `${LIST}"${SECRET}`))).not.toContain(SECRET)
  expect((await send(one, 'UPN;Mobile\nann;1')).body).toMatchObject({
    status: 422,
    code: 'tokenListUnreadable',
  })
  expect((await send(one, LIST, DOOR, 'approver')).body.code).toBe('roleTooWeak')
})

test('without a key nothing is taken, and a plan with tokens is refused', async () => {
  const one = await served()
  const refused = await send(one, LIST)
  expect([refused.status, refused.body.code]).toEqual([409, 'secretKeyMissing'])
  expect(refused.body.hint).toContain('WAVEGATE_SECRET_KEY')
  const plan = `${PLAN}prepare: { tokens: { from: tokens.csv } }\n`
  const files = { 'tokens.csv': `sha256:${'0'.repeat(64)}` }
  const draft = (other: Served) =>
    other.call('POST', '/api/v1/rollouts', { as: 'changeManager', body: { plan, files } })
  const problems = async (other: Served) => {
    const { status, body } = await draft(other)
    const errors = body.problems.filter(({ severity }: { severity: string }) => severity === 'error')
    return [status, errors.map(({ code, line }: { code: string; line: number }) => `${code} ${line}`)]
  }
  const line = plan.split('\n').length - 1
  expect(await problems(one)).toEqual([422, [`secretKeyMissing ${line}`]])
  expect(await problems(await served({ secretKey: KEY }))).toEqual([422, [`fileMissing ${line}`]])
})

test('the change manager wipes what is kept of a list, by REST and by the command line; the same list brings it back', async () => {
  const one = await served({ secretKey: KEY })
  const { digest } = (await send(one, LIST)).body
  const at = `${DOOR}/${digest}`
  expect((await one.call('DELETE', at, { as: 'approver' })).body.code).toBe('roleTooWeak')
  expect((await one.call('DELETE', `${DOOR}/sha256:${'0'.repeat(64)}`, { as: 'changeManager' })).status).toBe(
    404,
  )
  const sealed = async () =>
    (await one.server.wavegate.store.read.tokensOf(digest)).map((token) => token.sealed)
  expect(await sealed()).toEqual([expect.any(String)])
  const wiped = await one.call('DELETE', at, { as: 'changeManager' })
  expect([wiped.status, wiped.body.tokens, wiped.body.secretsKept]).toEqual([200, 1, 0])
  expect(await sealed()).toEqual([null])
  await one.call('DELETE', at, { as: 'changeManager' })
  const { events } = (await one.call('GET', '/api/v1/events?limit=1000')).body
  const told = events.filter((event: { type: string }) => event.type === 'tokens.wiped')
  expect(told).toMatchObject([{ actor: 'changeManager@contoso.com', data: { digest, tokens: 1 } }])
  expect((await send(one, LIST)).body.secretsKept).toBe(1)
  const as = { WAVEGATE_URL: one.server.url, WAVEGATE_TOKEN: one.tokens.changeManager }
  const said = await wavegate(as, ['tokens', 'wipe', digest])
  expect(said).toMatchObject({ code: 0, err: '' })
  expect(said.out).toContain('0 secrets are kept')
  expect(await sealed()).toEqual([null])
})
