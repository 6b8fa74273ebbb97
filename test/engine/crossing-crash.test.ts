import { expect, test } from 'vitest'
import { begun, membersOf, retired, stateOf, type Tale, turns } from './crossing-tale.ts'
import { everyDeath, MAY_LOG } from './deaths.ts'
import { members, policy, policyStates } from './journal.ts'
import { ledgerOf } from './ledger.ts'
import { ONA } from './rig.ts'

const REPORT_ONLY = 'enabledForReportingButNotEnforced'

async function drafted(): Promise<Tale> {
  return await begun({ people: 40, byHand: true, mayLog: MAY_LOG })
}

async function goneOver(tale: Tale): Promise<string[]> {
  return (await membersOf(tale)).flatMap((one) => (one.perUserMfa === 'retired' ? [one.personId] : []))
}

async function soaking({ rig }: Tale): Promise<void> {
  await rig.until('wave.soaking')
}

async function over(tale: Tale): Promise<void> {
  if ((await goneOver(tale)).length === 0) await tale.rig.until('members.retired')
}

/** The first one: off once, with one before-image that stands. */
async function checkOver(tale: Tale): Promise<void> {
  const { rig } = tale
  const gone = await goneOver(tale)
  expect(gone).toHaveLength(1)
  const sent = turns(rig).map(({ person, before, after }) => ({ person, before, after }))
  expect(sent).toEqual(gone.map((person) => ({ person, before: 'enforced', after: 'disabled' })))
  const { images, members: rows } = await ledgerOf(rig)
  const retirements = images.filter((image) => image.effect === 'perUserMfaRetired')
  expect(retirements.map(({ person_id, image, closed_at }) => [person_id, image, closed_at])).toEqual([
    [gone[0], '{"state":"enforced"}', null],
  ])
  expect(rows.filter((row) => row.per_user_mfa === 'retired')).toHaveLength(1)
}

async function twoOver(tale: Tale): Promise<void> {
  await retired(tale, 2)
}

/** Whoever got no answer says it again; everything after the call goes on by itself. */
async function disarmed(tale: Tale): Promise<void> {
  const { rig, id } = tale
  if (policy(rig)?.state !== REPORT_ONLY) await rig.act(ONA, 'disarm', id, { ifMatch: undefined })
  const isBack = async () =>
    (await membersOf(tale)).every((one) => one.perUserMfa === null || one.perUserMfa === 'none')
  while (!(await isBack())) await rig.until('perUserMfa.restored')
}

/** Off once and on again once, after the policy went to report-only; still in the group, and no image open. */
async function checkDisarmed(tale: Tale): Promise<void> {
  const { rig, people } = tale
  const off = policyStates(rig).at(-1)
  expect(off?.state).toBe(REPORT_ONLY)
  const back = turns(rig).filter((turn) => turn.after === 'enforced')
  expect(back).toHaveLength(2)
  for (const turn of back) expect(turn.seq).toBeGreaterThan(off?.seq as number)
  expect(turns(rig)).toHaveLength(4)
  for (const person of people.slice(0, -1)) expect(stateOf(rig, person)).toBe('enforced')
  expect(members(rig)).toEqual(people)
  const { images, tasks } = await ledgerOf(rig)
  const retirements = images.filter((image) => image.effect === 'perUserMfaRetired')
  expect(retirements.every((image) => image.closed_at !== null)).toBe(true)
  expect(tasks.filter((task) => task.kind === 'unretire')).toEqual([])
}

test.each(['beforeCall', 'afterCall'] as const)(
  'killed after any commit while somebody goes over, %s, it ends as if nothing had happened',
  { timeout: 240_000 },
  async (when) => {
    const tale = { drafted, prepare: soaking, tell: over, check: checkOver }
    expect(await everyDeath(tale, when)).toBeGreaterThan(4)
  },
)

test.each(['beforeCall', 'afterCall'] as const)(
  'killed after any commit of a disarm and what follows it, %s, everybody has per-user MFA back',
  { timeout: 240_000 },
  async (when) => {
    const tale = { drafted, prepare: twoOver, tell: disarmed, check: checkDisarmed }
    expect(await everyDeath(tale, when)).toBeGreaterThan(4)
  },
)
