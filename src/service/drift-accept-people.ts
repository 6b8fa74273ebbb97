import { findingName, isOf, OF_PEOPLE } from '../engine/drift-names.ts'
import { isCrossingPlan } from '../engine/drift-per-user.ts'
import { stateIn } from '../engine/drift-words.ts'
import { COVERED } from '../engine/record-caught.ts'
import { queueUnretirePeople } from '../engine/unretire.ts'
import { EXCEPTION_MEMBER } from '../methods/exception-member.ts'
import { PER_USER_MFA, PER_USER_MFA_RETIRED } from '../methods/per-user-mfa.ts'
import type { Drift } from '../store/drift.ts'
import type { Writer } from '../store/store.ts'
import type { Situation } from './act.ts'

/** The mark of a person whose per-user MFA another hand switched on again, and who keeps it. */
export const TAKEN_AS_IS = 'takenAsIs'

const WHY: Record<string, string> = {
  [OF_PEOPLE.added]: 'is adopted: under MFA by another hand, and never taken out by us',
  [OF_PEOPLE.removed]: 'is left for later: no longer under MFA by this rollout',
  [OF_PEOPLE.excepted]: 'is left for later: out of the policy by another hand',
  [OF_PEOPLE.unexcepted]: 'is adopted: under the policy by another hand',
  [OF_PEOPLE.raised]: 'keeps per-user MFA beside the policy; a rollback leaves it so',
}

/** What accepting a finding means for the person. */
export function whyAccepted(one: Drift): string {
  const why = WHY[findingName(one)]
  if (why !== undefined) return why
  const state = stateIn(one.after)
  return `is left with per-user MFA ${state}; a rollback leaves it so`
}

function idsOf(findings: readonly Drift[]): string[] {
  return findings.flatMap((one) => one.personId ?? [])
}

/** Where the policy covers all users: who is out by another hand is left for later, who is in is adopted by name. */
export async function takeExceptions(
  writer: Writer,
  situation: Situation,
  at: number,
  chosen: readonly Drift[],
): Promise<void> {
  const groupId = (await writer.graduation(situation.rollout.id))?.groupId
  if (!groupId) return
  const added = idsOf(chosen.filter(isOf('excepted')))
  const removed = idsOf(chosen.filter(isOf('unexcepted')))
  if (added.length > 0) await leaveExcepted(writer, situation, groupId, at, added)
  if (removed.length > 0) await adoptCovered(writer, situation, groupId, at, removed)
}

/** Among the exceptions before us, as far as the ledger is concerned: never taken from them by us. */
async function leaveExcepted(
  writer: Writer,
  { caller, call, rollout }: Situation,
  groupId: string,
  at: number,
  people: readonly string[],
): Promise<void> {
  const place = { effect: EXCEPTION_MEMBER.effect, target: groupId, rolloutId: rollout.id, waveId: '', at }
  const image = { member: true }
  await writer.recordImages(
    place,
    people.map((personId) => ({ personId, image })),
  )
  await closeCovered(writer, rollout.policyId, people, at)
  const rows = await writer.membersAmong(rollout.id, people)
  const under = rows.filter(
    ({ outcome, restore }) => restore === null && ['done', 'already'].includes(outcome),
  )
  await writer.setMembers(
    rollout.id,
    under.map((one) => one.personId),
    {
      deferred: 'takenOut',
      outcome: 'pending',
      outcome_reason: null,
      in_place_at: null,
      locked_out_now: 0,
    },
  )
  for (const wave of await writer.wavesOf(rollout.id))
    await queueUnretirePeople(writer, { rolloutId: rollout.id, waveId: wave.id }, people)
  const said = { at, rolloutId: rollout.id, actor: caller.person, reason: call.reason }
  await writer.append({ ...said, type: 'members.deferred', data: { people } })
}

async function closeCovered(
  writer: Writer,
  policyId: string | null,
  people: readonly string[],
  at: number,
): Promise<void> {
  const images = await writer.openImages(COVERED.effect, policyId ?? '', people)
  await writer.closeImages(
    [...images.values()].map((image) => image.id),
    at,
  )
}

/** As whoever was caught when the policy was widened: before-image, adoption, and their row where no wave has it. */
async function adoptCovered(
  writer: Writer,
  { caller, call, rollout }: Situation,
  groupId: string,
  at: number,
  people: readonly string[],
): Promise<void> {
  const out = await writer.openImages(EXCEPTION_MEMBER.effect, groupId, people)
  await writer.closeImages(
    [...out.values()].map((image) => image.id),
    at,
  )
  const target = rollout.policyId ?? ''
  const place = { effect: COVERED.effect, target, rolloutId: rollout.id, waveId: '', at }
  await writer.recordImages(
    place,
    people.map((personId) => ({ personId, image: { covered: false } })),
  )
  await writer.adopt({ target, rolloutId: rollout.id, by: caller.person, reason: call.reason, at }, people)
  const rows = await writer.membersAmong(rollout.id, people)
  const loose = rows.filter((one) => one.waveId === '').map((one) => one.personId)
  await writer.setMembers(rollout.id, loose, {
    ...{ deferred: null, outcome: 'done', outcome_reason: 'covered as one of all users' },
    ...{ requested_at: at, in_place_at: at, restore: null, restore_reason: null, restored_at: null },
  })
  const said = { at, rolloutId: rollout.id, actor: caller.person, reason: call.reason }
  await writer.append({ ...said, type: 'members.adopted', data: { people, policyId: target } })
}

/** The person’s ledger says so: a rollback leaves what is there, and no crossing ends it. */
export async function takePerUser(
  writer: Writer,
  situation: Situation,
  at: number,
  chosen: readonly Drift[],
): Promise<void> {
  const { caller, call, rollout } = situation
  const { effect, target } = isCrossingPlan(rollout) ? PER_USER_MFA_RETIRED : PER_USER_MFA
  const found = chosen.filter((one) => one.object === 'person')
  if (found.length === 0) return
  const place = { effect, target, rolloutId: rollout.id }
  const word = { by: caller.person, reason: call.reason, at }
  for (const one of found) {
    const personId = one.personId as string
    await writer.takeAsIs(place, { personId, image: { state: stateIn(one.after) }, ...word })
  }
  const left = found.filter((one) => stateIn(one.after) !== 'disabled')
  const states = left.map((one) => [one.personId as string, stateIn(one.after)] as const)
  await writer.notePerUserState(rollout.id, new Map(states))
  await mark(writer, situation, at, found)
  const said = { at, rolloutId: rollout.id, actor: caller.person, reason: call.reason }
  const people = found.map((one) => ({ personId: one.personId, state: stateIn(one.after) }))
  await writer.append({ ...said, type: 'perUserMfa.takenAsIs', data: { people } })
}

async function mark(
  writer: Writer,
  { rollout }: Situation,
  at: number,
  found: readonly Drift[],
): Promise<void> {
  const noted = { per_user_reason: TAKEN_AS_IS, per_user_at: at }
  const raised = idsOf(found.filter(isOf('raised')))
  await writer.setMembers(rollout.id, raised, { per_user_mfa: 'keeps', ...noted })
  const off = idsOf(found.filter((one) => stateIn(one.after) === 'disabled'))
  if (isCrossingPlan(rollout))
    return await writer.setMembers(rollout.id, off, { per_user_mfa: 'none', ...noted })
  await writer.setMembers(rollout.id, off, {
    deferred: 'takenOut',
    outcome: 'pending',
    outcome_reason: null,
    in_place_at: null,
    locked_out_now: 0,
  })
}
