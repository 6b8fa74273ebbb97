import { expect, test } from 'vitest'
import { readyPeople } from './journal.ts'
import { ledgerOf } from './ledger.ts'
import { PILOT, planText, TEST_WAVE } from './plan-of-waves.ts'
import { METTE, ONA, openRig, type Rig } from './rig.ts'

const PER_USER = planText({ enforce: { by: 'per-user-mfa' }, waves: [TEST_WAVE, PILOT] })

interface Turn {
  person: string
  actor: string
  before: string
  after: string
  at: number
}

/** Every change of somebody's per-user state, in order. */
function turns(rig: Rig): Turn[] {
  return rig.tenant.world.journal.entries.flatMap((entry) => {
    const person = /^users\/([^/]+)\/authentication\/requirements$/.exec(entry.target)?.[1]
    if (person === undefined) return []
    const state = (image: unknown) => (image as { perUserMfaState: string }).perUserMfaState
    const { actor, before, after, at } = entry
    return [{ person, actor, before: state(before), after: state(after), at: Date.parse(at) }]
  })
}

function stateOf(rig: Rig, id: string): string {
  return rig.tenant.world.person(id).perUserMfa
}

async function membersOf(rig: Rig, id: string, wave: string) {
  return (await rig.wavegate.service.members(id, wave, { limit: 500 })).members
}

test('people go from disabled to enabled to enforced, each with their state on record before, and back to it', async () => {
  const rig = await openRig()
  const id = await rig.started(PER_USER)
  await rig.until('wave.soaking', 'pilot')
  const members = await membersOf(rig, id, 'pilot')
  const done = members.filter((member) => member.outcome === 'done')
  expect(done.length).toBeGreaterThan(2)
  for (const { personId } of done) expect(stateOf(rig, personId)).toBe('enforced')
  const firsts = turns(rig).filter((turn) => done.some(({ personId }) => personId === turn.person))
  for (const { personId } of done) {
    const mine = firsts.filter((turn) => turn.person === personId)
    expect(mine[0]).toMatchObject({ actor: 'app', before: 'disabled', after: 'enabled' })
    // Microsoft or we: whoever was first.
    expect(mine.at(-1)).toMatchObject({ before: 'enabled', after: 'enforced' })
    expect(mine).toHaveLength(2)
  }
  await rig.act(ONA, 'rollback', id)
  expect(await rig.ended(id)).toMatchObject({ state: 'rolledBack' })
  for (const { personId } of done) expect(stateOf(rig, personId)).toBe('disabled')
  const ledger = await ledgerOf(rig)
  const first = new Map(firsts.map((turn) => [turn.person, turn]).toReversed() as [string, Turn][])
  for (const { personId } of done) {
    const [image] = ledger.images.filter((row) => row.person_id === personId)
    expect(image).toMatchObject({ effect: 'perUserMfa', image: '{"state":"disabled"}' })
    expect(image?.recorded_at).toBeLessThanOrEqual(first.get(personId)?.at as number)
    expect(image?.closed_at).not.toBeNull()
  }
})

test('who was enforced before is left as they were, whatever is taken back', async () => {
  const rig = await openRig()
  const id = await rig.draft(PER_USER)
  const [user] = readyPeople(rig, 1, 'IT') as [string]
  rig.tenant.world.setPerUserMfa(user, 'enforced')
  await rig.act(METTE, 'start', id)
  await rig.until('wave.soaking', 'pilot')
  const members = await membersOf(rig, id, 'pilot')
  expect(members.find((one) => one.personId === user)).toMatchObject({ outcome: 'already' })
  await rig.act(ONA, 'rollback', id)
  await rig.ended(id)
  expect(stateOf(rig, user)).toBe('enforced')
  expect(turns(rig).filter((turn) => turn.person === user && turn.actor === 'app')).toEqual([])
})

test('who was enabled before ends at least there: what Microsoft raised meanwhile is restored, and said to be stronger', async () => {
  const rig = await openRig()
  const id = await rig.draft(PER_USER)
  const [user] = readyPeople(rig, 1, 'IT') as [string]
  rig.tenant.world.setPerUserMfa(user, 'enabled')
  await rig.act(METTE, 'start', id)
  await rig.until('wave.soaking', 'pilot')
  await rig.act(ONA, 'rollback', id)
  await rig.ended(id)
  expect(['enabled', 'enforced']).toContain(stateOf(rig, user))
  const member = (await membersOf(rig, id, 'pilot')).find((one) => one.personId === user)
  expect(member).toMatchObject({ outcome: expect.stringMatching(/^(done|already)$/) })
  if (member?.outcome === 'done') expect(member.restore).toBe('restored')
})

test('beside a policy that asks everybody for MFA the plan is refused, and nothing is stored', async () => {
  const rig = await openRig()
  rig.tenant.world.createPolicy({
    displayName: 'MFA for all',
    state: 'enabled',
    conditions: {
      clientAppTypes: ['all'],
      applications: { includeApplications: ['All'] },
      users: { includeUsers: ['All'] },
    },
    grantControls: { operator: 'OR', builtInControls: ['mfa'] },
  })
  await expect(rig.draft(PER_USER)).rejects.toThrow(/MFA for all demands MFA of everybody/)
})

test('there is no policy to disarm: the answer says what to use instead', async () => {
  const rig = await openRig()
  const id = await rig.started(PER_USER)
  await rig.until('members.inPlace')
  await expect(rig.act(ONA, 'disarm', id)).rejects.toThrow(/no policy to switch/)
})
