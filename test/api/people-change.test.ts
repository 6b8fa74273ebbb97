import { expect, test } from 'vitest'
import type { Role } from '../../src/service/verbs.ts'
import type { MemberView } from '../../src/service.ts'
import { PLAN, type Served, served } from './served.ts'
import { openStream } from './streams.ts'

const HOUR = 3_600_000

/** The pilot goes three people at a time, every two hours, whatever the pace of the others. */
const PACED = PLAN.replace(
  '{ name: pilot, members: { group: IT department } }',
  '{ name: pilot, members: { group: IT department }, pace: { people: 3, per: 2h } }',
)

/** A verb on the pilot, as whoever has just looked at the rollout. */
async function act(all: Served, path: string, verb: string, role: Role, body: object): Promise<void> {
  const etag = (await all.call('GET', path)).body.etag
  const options = { as: role, body, headers: { 'if-match': etag } }
  const answer = await all.call('POST', `${path}/waves/pilot/${verb}`, options)
  expect(answer.status, JSON.stringify(answer.body)).toBeLessThan(300)
}

/** A rollout whose pilot waits for its approval. */
const pilotWaiting = (all: Served) => pilotAt(all, PACED, 'wave.awaitingApproval')

/** A rollout whose pilot has come so far. */
async function pilotAt(all: Served, plan: string, event: string) {
  const { id, etag } = await all.draft(plan)
  const path = `/api/v1/rollouts/${id}`
  const stream = await openStream(`${all.server.url}${path}/events`, {
    authorization: `Bearer ${all.tokens.viewer}`,
  })
  const happened = (type: string, wave: string | null) =>
    stream.until((event) => event.type === type && event.wave === wave)
  const approve = async (wave: string) => {
    const now = (await all.call('GET', path)).body.etag
    const options = { as: 'approver' as const, body: { reason: 'yes' }, headers: { 'if-match': now } }
    const answer = await all.call('POST', `${path}/waves/${wave}/approve`, options)
    expect(answer.status, JSON.stringify(answer.body)).toBeLessThan(300)
  }
  const members = async (): Promise<MemberView[]> =>
    (await all.call('GET', `${path}/waves/pilot/members?limit=200`)).body.members
  const start = { as: 'changeManager' as const, body: { reason: 'go' }, headers: { 'if-match': etag } }
  await all.call('POST', `${path}/start`, start)
  await happened('wave.awaitingApproval', 'test-user')
  await approve('test-user')
  await happened(event, 'pilot')
  return { path, stream, happened, approve, members }
}

test('people who leave, are disabled, renamed or come back while a wave waits for its approval', async () => {
  const all = await served({ people: 300 })
  const { world } = all.tenant
  const { stream, happened, approve, members } = await pilotWaiting(all)
  const going = (await members()).filter((member) => member.deferred === null)
  const [left, disabled, renamed, successor] = going as [MemberView, MemberView, MemberView, MemberView]
  world.deleteUser(left.personId)
  world.patchUser(disabled.personId, { accountEnabled: false })
  world.patchUser(renamed.personId, { userPrincipalName: 'new.name@contoso.com', displayName: 'New Name' })
  world.patchUser(successor.personId, { userPrincipalName: left.upn })
  await approve('pilot')
  await happened('wave.soaking', 'pilot')
  const after = new Map((await members()).map((member) => [member.personId, member]))
  expect(after.get(left.personId)).toMatchObject({ outcome: 'gone', deferred: null, requestedAt: null })
  expect(after.get(disabled.personId)).toMatchObject({ outcome: 'pending', deferred: 'disabledAccount' })
  expect(after.get(renamed.personId)).toMatchObject({
    outcome: 'done',
    upn: 'new.name@contoso.com',
    displayName: 'New Name',
  })
  expect(after.get(successor.personId)).toMatchObject({ outcome: 'done', upn: left.upn })
  const told = stream.events.filter((event) => event.wave === 'pilot')
  expect(told.find(({ type }) => type === 'members.gone')?.data).toEqual({ people: [left.personId] })
  expect(told.find(({ type }) => type === 'members.deferred')?.data).toEqual({ people: [disabled.personId] })
  expect(
    told
      .filter(({ type }) => type === 'member.renamed')
      .map(({ person }) => person)
      .toSorted(),
  ).toEqual([renamed.personId, successor.personId].toSorted())
  stream.hangUp()
}, 60_000)

test('people who leave or are disabled between two batches of a paced wave are in neither, nor in a budget', async () => {
  const all = await served({ people: 300 })
  const { world } = all.tenant
  const { path, stream, happened, approve, members } = await pilotWaiting(all)
  const going = (await members()).filter((member) => member.deferred === null)
  const [left, disabled] = going.slice(3) as [MemberView, MemberView]
  all.clock.at(all.clock.now() + HOUR, () => {
    world.deleteUser(left.personId)
    world.patchUser(disabled.personId, { accountEnabled: false })
  })
  await approve('pilot')
  await happened('wave.soaking', 'pilot')
  const after = await members()
  expect(after.find((one) => one.personId === left.personId)).toMatchObject({
    outcome: 'gone',
    requestedAt: null,
  })
  expect(after.find((one) => one.personId === disabled.personId)).toMatchObject({
    outcome: 'pending',
    deferred: 'disabledAccount',
    requestedAt: null,
  })
  const asked = after.flatMap(({ requestedAt }) => (requestedAt === null ? [] : [Date.parse(requestedAt)]))
  const batches = [...Map.groupBy(asked, (at) => Math.round((at - Math.min(...asked)) / HOUR))]
  expect(batches.map(([hour]) => hour)).toEqual(batches.map((_, index) => 2 * index))
  expect(batches.length).toBeGreaterThan(1)
  for (const [, people] of batches) expect(people.length).toBeLessThanOrEqual(3)
  const gates = (await all.call('GET', `${path}/waves/pilot/gates`)).body.gates
  const spoken = gates.find((gate: { gate: string }) => gate.gate === 'failedChanges').says
  expect(spoken).toContain(`of ${going.length - 2} people`)
  stream.hangUp()
}, 60_000)

test('who comes back from the bin before the approval is in the wave again, and after it is left for later', async () => {
  const all = await served({ people: 300 })
  const { world } = all.tenant
  for (const { id } of world.people.filter(({ department }) => department === 'IT').slice(-3))
    world.setMethods(id, [])
  const strict = PACED.replace('deferAtMost: 80%', 'deferAtMost: 0.01%')
  const { path, stream, happened, approve, members } = await pilotAt(all, strict, 'wave.checkingReadiness')
  await stream.until((event) => event.wave === 'pilot' && event.type === 'hold.placed')
  const [early, late] = (await members()).filter(({ deferred }) => deferred === null) as [
    MemberView,
    MemberView,
  ]
  const [first, second] = [world.person(early.personId), world.person(late.personId)]
  const outcomes = async () => {
    const found = new Map((await members()).map((member) => [member.personId, member]))
    return [first, second].map(({ id }) => `${found.get(id)?.outcome} ${found.get(id)?.deferred}`)
  }
  /** Asks for a fresh check, and waits for the hold that its answer brings. */
  const checkAgain = async () => {
    const holds = () => stream.events.filter(({ type, wave }) => wave === 'pilot' && type === 'hold.placed')
    const before = holds().length
    await act(all, path, 'resume', 'onCall', { reason: 'look again' })
    await stream.until(() => holds().length > before)
  }
  world.deleteUser(first.id)
  world.deleteUser(second.id)
  await checkAgain()
  expect(await outcomes()).toEqual(['gone null', 'gone null'])
  world.restoreUser(first.id)
  await checkAgain()
  expect(await outcomes()).toEqual(['pending null', 'gone null'])
  await act(all, path, 'advance', 'changeManager', { reason: 'they register later', gates: ['readiness'] })
  await happened('wave.awaitingApproval', 'pilot')
  world.restoreUser(second.id)
  await approve('pilot')
  await happened('wave.soaking', 'pilot')
  expect(await outcomes()).toEqual(['done null', 'pending returned'])
  stream.hangUp()
}, 60_000)
