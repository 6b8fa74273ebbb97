import { expect, test } from 'vitest'
import { served } from '../api/served.ts'
import { openStream } from '../api/streams.ts'
import { wavegate } from './run.ts'

const POLICY = 'Require MFA (wavegate)'

test('what another hand changed is shown, tried dry and put back, over REST and from the command line', async () => {
  const { server, tokens, tenant, clock, call, draft } = await served()
  const as = (role: keyof typeof tokens) => ({ WAVEGATE_URL: server.url, WAVEGATE_TOKEN: tokens[role] })
  const { id, etag } = await draft()
  const at = `/api/v1/rollouts/${id}`
  const stream = await openStream(`${server.url}${at}/events`, { authorization: `Bearer ${tokens.viewer}` })
  const start = { as: 'changeManager' as const, body: { reason: 'go' }, headers: { 'if-match': etag } }
  await call('POST', `${at}/start`, start)
  await stream.until((event) => event.type === 'wave.awaitingApproval')
  const approve = ['rollout', 'approve', id, '--wave', 'test-user', '--reason', 'looks right']
  expect(await wavegate(as('approver'), approve)).toMatchObject({ code: 0 })
  await stream.until((event) => event.type === 'wave.awaitingApproval' && event.wave === 'pilot')
  stream.hangUp()
  expect((await call('GET', `${at}/drift`)).body).toEqual({ drift: [] })

  tenant.world.setPolicy(POLICY, { state: 'disabled' })
  await clock.runUntil(clock.now() + 3 * 3_600_000)
  const shown = await wavegate(as('viewer'), ['rollout', 'drift', id])
  expect(shown.out).toMatch(/policy\.state +policy state: enabled → disabled/)

  const body = { reason: 'not ours' }
  expect(await call('POST', `${at}/revert`, { as: 'onCall', body })).toMatchObject({ status: 428 })
  const accepted = await wavegate(as('approver'), [
    'rollout',
    'accept',
    id,
    '--reason',
    'fine',
    '--finding',
    'policy.state',
  ])
  expect(accepted).toMatchObject({ code: 6, err: expect.stringContaining('error driftBarred') })
  const dry = await call('POST', `${at}/revert`, { as: 'onCall', body: { ...body, dryRun: true } })
  expect(dry).toMatchObject({
    status: 200,
    body: { requests: [{ method: 'PATCH', body: { state: 'enabled' } }] },
  })
  expect(tenant.world.policies.find((one) => one.displayName === POLICY)?.state).toBe('disabled')

  const back = await wavegate(as('onCall'), ['rollout', 'revert', id, '--reason', 'not ours'])
  expect(back.code, back.err).toBe(0)
  expect(back.out).toContain('PATCH /identity/conditionalAccess/policies/')
  expect(tenant.world.policies.find((one) => one.displayName === POLICY)?.state).toBe('enabled')
  expect((await call('GET', `${at}/drift`)).body.drift).toMatchObject([
    { finding: 'policy.state', settled: { how: 'reverted', by: 'onCall@contoso.com' } },
  ])
}, 120_000)
