import { expect, test } from 'vitest'
import { localOperator } from '../../src/main.ts'
import { type Answer, type Served, served } from './served.ts'
import { openStream } from './streams.ts'

const WAVE = 'waves/test-user'

/** A rollout whose first wave waits for its approval, started by the change manager. */
async function awaiting() {
  const house = await served({ people: 40 })
  const { id, etag } = await house.draft()
  const path = `/api/v1/rollouts/${id}`
  const authorization = `Bearer ${house.tokens.viewer}`
  const stream = await openStream(`${house.server.url}${path}/events`, { authorization })
  await say(house, path, 'start', 'changeManager', etag)
  await stream.until(({ type }) => type === 'wave.awaitingApproval')
  stream.hangUp()
  return { house, id, path, etag: await etagOf(house, path) }
}

async function etagOf(house: Served, path: string): Promise<string> {
  return (await house.call('GET', path)).body.etag
}

type Role = NonNullable<NonNullable<Parameters<Served['call']>[2]>['as']>

async function say(house: Served, path: string, verb: string, as: Role, etag?: string): Promise<Answer> {
  const headers: Record<string, string> = etag === undefined ? {} : { 'if-match': etag }
  return await house.call('POST', `${path}/${verb}`, { as, body: { reason: `${as} says ${verb}` }, headers })
}

async function said(house: Served, path: string): Promise<string[]> {
  const { body } = await house.call('GET', `${path}/events?limit=500`)
  return body.events.map(({ type }: { type: string }) => type).filter((type: string) => /^verb\./.test(type))
}

test('another token of the person who asked approves nothing: tokens belong to a person', async () => {
  const { house, path, etag } = await awaiting()
  const { service } = house.server.wavegate
  const made = await service.createToken(localOperator(), 'ChangeManager@contoso.com', 'approver')
  for (const verb of ['approve', 'reject']) {
    const answer = await house.call('POST', `${path}/${WAVE}/${verb}`, {
      as: null,
      body: { reason: 'me again' },
      headers: { authorization: `Bearer ${made.token}`, 'if-match': etag },
    })
    expect(answer, verb).toMatchObject({
      status: 403,
      body: {
        code: 'ownRequest',
        detail: expect.stringContaining('asked for this and cannot approve it as well'),
        hint: expect.stringContaining('A second person approves'),
      },
    })
  }
  expect(await say(house, path, `${WAVE}/approve`, 'approver', etag)).toMatchObject({ status: 202 })
})

test('a yes and a no at the same moment: one stands, the other is told to look again', async () => {
  const { house, path, etag } = await awaiting()
  const answers = await Promise.all(
    ['approve', 'reject'].map((verb) => say(house, path, `${WAVE}/${verb}`, 'approver', etag)),
  )
  const [won, lost] = answers.toSorted((one, other) => one.status - other.status) as [Answer, Answer]
  expect(won).toMatchObject({ status: 202, body: { changed: true } })
  expect([409, 412]).toContain(lost.status)
  expect(['verbNotPossible', 'ifMatchStale']).toContain(lost.body.code)
  expect(lost.body.hint).not.toBe('')
  expect(await said(house, path)).toEqual(['verb.start', `verb.${won.body.verb}`])
  const { body } = await house.call('GET', path)
  expect(body.waves[0].state === 'rejected').toBe(won.body.verb === 'reject')
})

test('two who go on after one look: one does, and a pause in between needs no look', async () => {
  const { house, path } = await awaiting()
  const paused = await say(house, path, 'pause', 'onCall')
  expect(paused).toMatchObject({ status: 202, body: { changed: true } })
  const etag = await etagOf(house, path)
  const answers = await Promise.all([
    say(house, path, 'resume', 'onCall', etag),
    say(house, path, 'resume', 'changeManager', etag),
    say(house, path, `${WAVE}/extend`, 'changeManager', etag),
  ])
  const resumed = answers.slice(0, 2).filter(({ body }) => body.changed === true)
  expect(resumed).toHaveLength(1)
  for (const { status, body } of answers.filter((one) => one.status >= 300))
    expect([status, body.code]).toSatisfy(([, code]) => ['ifMatchStale', 'requestInvalid'].includes(code))
  expect((await said(house, path)).filter((verb) => verb === 'verb.resume')).toHaveLength(1)
  expect((await house.call('GET', path)).body.holds).toEqual([])
})
