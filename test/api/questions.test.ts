import { expect, test } from 'vitest'
import { wavegate } from '../cli/run.ts'
import { served } from './served.ts'

test('questions are listed as JSON and as a table, and answered over REST and by command, once per key', async () => {
  const all = await served()
  const { call } = all
  // A draft asks for what is known of people.
  await all.draft()
  await expect
    .poll(async () => (await call('GET', '/api/v1/questions')).body.questions.length)
    .toBeGreaterThan(1)
  const list = '/api/v1/questions?state=open&kind=person&owner=nobody'
  const { questions } = (await call('GET', list)).body
  const service = questions.find((one: { upn: string }) => one.upn.startsWith('svc-'))
  expect(service).toMatchObject({ kind: 'person', state: 'open', owner: null, answer: null })
  expect(service.says).toMatch(
    /^Is Service account \d+ <svc-\d+@contoso.com> a person\? .*“svc”.*no employee number/,
  )
  // Emergency accounts of the plan are known for what they are.
  expect(questions.filter((one: { upn: string }) => one.upn.startsWith('bg'))).toEqual([])
  const table = (await call('GET', `${list}&format=csv`)).body.split('\r\n')
  expect(table[0]).toContain('UserPrincipalName,Name,Object id,Question,State')
  expect(table.filter((line: string) => line !== '')).toHaveLength(questions.length + 1)
  const first = (await call('GET', '/api/v1/questions?limit=1')).body
  const second = (await call('GET', `/api/v1/questions?limit=1&cursor=${first.next}`)).body
  expect(second.questions[0].id).not.toBe(first.questions[0].id)

  const at = `/api/v1/questions/${service.id}/answer`
  const body = { answer: 'notAPerson', reason: 'runs the payroll', saidBy: 'bo@contoso.com' }
  const say = (as: 'helpDesk' | 'viewer', more: object = {}) =>
    call('POST', at, { as, body: { ...body, ...more }, headers: { 'idempotency-key': JSON.stringify(more) } })
  expect(await say('viewer')).toMatchObject({ status: 403, body: { code: 'roleTooWeak' } })
  expect(await say('helpDesk', { answer: 'perhaps' })).toMatchObject({ status: 400 })
  expect(await say('helpDesk', { answer: 'legacyMoved' })).toMatchObject({
    status: 409,
    body: { code: 'answerUnfit' },
  })
  expect(await say('helpDesk')).toMatchObject({ status: 200, body: { changed: true } })
  const again = await say('helpDesk')
  expect(again).toMatchObject({ status: 200, body: { changed: true } })
  expect(again.headers.get('idempotency-replayed')).toBe('true')
  expect(await call('POST', '/api/v1/questions/none/answer', { as: 'helpDesk', body })).toMatchObject({
    status: 404,
    body: { code: 'questionNotFound' },
  })
  expect((await call('GET', `/api/v1/people/${service.upn}`)).body).toMatchObject({
    verdict: { is: 'notAPerson', question: null },
    questions: [
      { id: service.id, state: 'answered', answer: { is: 'notAPerson', saidBy: 'bo@contoso.com' } },
    ],
  })

  const as = { WAVEGATE_URL: all.server.url, WAVEGATE_TOKEN: all.tokens.changeManager }
  const said = await wavegate(as, ['question', 'answer', service.id, 'person', '--reason', 'no, it is Bo'])
  expect(said).toMatchObject({ code: 0, out: expect.stringContaining('The account is a person') })
  const listed = await wavegate(as, ['question', 'list', '--state', 'answered'])
  expect(listed.err).toBe('')
  expect(listed.out).toMatch(/person, says changeManager@contoso.com, .*: no, it is Bo/)
  expect((await wavegate(as, ['question', 'list', '--csv'])).out).toContain(service.id)
  const card = await wavegate(as, ['people', 'show', service.upn])
  expect(card.out).toMatch(/question +Is Service account/)
  // Every address of a command is below /api/v1.
  expect((await wavegate(as, ['people', 'list', '--q', 'svc-'])).out).toContain(service.upn)
  expect((await wavegate(as, ['people', 'gather'])).out).toContain('people are known of')
  const onCall = { ...as, WAVEGATE_TOKEN: all.tokens.onCall }
  expect((await wavegate(onCall, ['freeze', '--reason', 'a look'])).out).toContain('Frozen since')
})
