import { planOf } from '../engine/job.ts'
import type { World } from '../engine/world.ts'
import { fault } from '../errors.ts'
import { isFailure } from '../graph/errors.ts'
import type { CompiledPlan } from '../plan/compiled-plan.ts'
import { endDate } from '../plan/end-date.ts'
import type { Member } from '../store/members.ts'
import type { Writer } from '../store/store.ts'
import type { Situation } from './act.ts'
import { graphFault } from './graph-fault.ts'
import { keepVerb, within } from './keep.ts'
import { rolloutView } from './look.ts'
import { LONGEST_DEFERRAL_MS } from './verbs.ts'
import { time, type VerbAnswer } from './views.ts'

interface Subject {
  personId: string
  upn: string
}

/** One person, once, before their change is sent: left for later by name until a date. */
export async function deferPerson(world: World, situation: Situation): Promise<VerbAnswer> {
  const { call, rollout } = situation
  const plan = planOf(rollout)
  const { until, approver } = termsOf(world, situation, plan)
  const person = await subjectOf(world, situation)
  const before = await world.store.read.deferral(rollout.id, person.personId)
  const isSo = before?.until === until && before.approver === approver
  if (before && !isSo) throw deferredBefore(person, before)
  await checkMember(world.store.read, situation, plan, person)
  if (!isSo) await checkApproverNamed(world.store.read, approver)
  const then = plan.catchUp ? 'the catch-up takes the person' : 'the person is left over'
  const says = `${person.upn} is left for later until ${time(until)}, approved by ${approver}; after it, ${then}`
  const changed = !isSo && !call.dryRun
  const answer = async (seen: World): Promise<VerbAnswer> => ({
    verb: 'defer',
    changed,
    dryRun: call.dryRun,
    says: isSo ? 'It is so already.' : `${call.dryRun ? 'Would: ' : ''}${says}.`,
    people: isSo ? [] : [{ ...person, why: 'is left for later' }],
    rollout: await rolloutView(seen, rollout.id),
  })
  if (!changed) return await answer(world)
  return await world.store.tx(async (writer) => {
    await record(writer, world, situation, { person, until, approver })
    return await keepVerb(writer, world, situation, await answer(within(world, writer)))
  })
}

/** @throws requestInvalid, ownRequest */
function termsOf(world: World, { caller, call }: Situation, plan: CompiledPlan) {
  const { approver = '', until = '' } = call
  if (approver.trim() === '') throw fault('requestInvalid', { detail: 'approver is missing: who allows it' })
  if (approver.trim().toLowerCase() === caller.person.toLowerCase())
    throw fault('ownRequest', { person: caller.person, because: 'asks for the deferral' })
  const end = endDate(until, plan.timezone)
  const now = world.clock.now()
  if (end === undefined || end <= now || end > now + LONGEST_DEFERRAL_MS) {
    const detail = `until is "${until}"; a day such as 2026-05-01 or a time with its offset is wanted, ahead of now and at most ${LONGEST_DEFERRAL_MS / 86_400_000} days`
    throw fault('requestInvalid', { detail })
  }
  return { until: end, approver: approver.trim() }
}

/** A name is no consent; but whoever has no say may not even be named. @throws notAnApprover */
async function checkApproverNamed(read: Pick<Writer, 'holdsRole'>, approver: string): Promise<void> {
  if (!(await read.holdsRole(approver, 'approver'))) throw fault('notAnApprover', { person: approver })
}

/** A member; or, while the person's wave has not been prepared, whoever the directory knows by that name. */
async function subjectOf(world: World, { call, rollout }: Situation): Promise<Subject> {
  const name = call.people?.[0] ?? ''
  const member = await world.store.read.member(rollout.id, name)
  if (member) return { personId: member.personId, upn: member.upn }
  try {
    const user = await world.directory.readUser(name, { lane: 'verify' })
    return { personId: user.id, upn: user.userPrincipalName }
  } catch (error) {
    if (isFailure(error, 'notFound')) throw fault('personNotFound', { person: name, id: rollout.id })
    throw graphFault(error)
  }
}

type Reader = Pick<Writer, 'member' | 'wave'>

/** @throws notApplicable */
async function checkMember(
  read: Reader,
  { rollout }: Situation,
  plan: CompiledPlan,
  { personId, upn }: Subject,
): Promise<void> {
  const refuse = (because: string, instead: string) =>
    fault('notApplicable', { verb: 'defer', because, instead })
  if (rollout.state !== 'draft' && rollout.state !== 'running')
    throw refuse(`the rollout is ${rollout.state}`, 'Nobody is put under MFA by it any more.')
  if (isTestUser(plan, personId, upn))
    throw refuse(`${upn} is a test user`, 'A test user proves the change; name another one in the plan.')
  const member = await read.member(rollout.id, personId)
  const said = member && whyNot(member)
  if (said) throw refuse(...said)
}

function isTestUser({ waves }: CompiledPlan, personId: string, upn: string): boolean {
  const named = waves.flatMap(({ testUsers, members }) =>
    testUsers && members.kind === 'users' ? members.users : [],
  )
  return named.some((name) => [personId, upn].some((one) => one.toLowerCase() === name.toLowerCase()))
}

function whyNot({
  upn,
  requestedAt,
  outcome,
  deferred,
}: Member): [because: string, instead: string] | undefined {
  if (deferred === 'rolledBack' || deferred === 'released')
    return [`${upn} was taken back`, 'The person waits already; release lets the catch-up take them.']
  if (requestedAt !== null || outcome !== 'pending') {
    const sent = requestedAt === null ? `is ${outcome}` : `was sent at ${time(requestedAt)}`
    return [
      `the change of ${upn} ${sent}`,
      'Use rollback: it puts the person back to what was recorded before.',
    ]
  }
  return undefined
}

function deferredBefore(person: Subject, before: { by: string; until: number }) {
  return fault('deferredBefore', { person: person.upn, by: before.by, until: time(before.until) })
}

async function record(
  writer: Writer,
  world: World,
  situation: Situation,
  { person, until, approver }: { person: Subject; until: number; approver: string },
): Promise<void> {
  const { caller, call, rollout } = situation
  // Looked at again where nobody comes between: the person may have been sent meanwhile.
  const now = (await writer.rollout(rollout.id)) ?? rollout
  await checkMember(writer, { ...situation, rollout: now }, planOf(now), person)
  const before = await writer.deferral(rollout.id, person.personId)
  if (before) throw deferredBefore(person, before)
  await checkApproverNamed(writer, approver)
  const at = world.clock.now()
  const by = caller.person
  await writer.insertDeferral({
    rolloutId: rollout.id,
    ...person,
    until,
    by,
    approver,
    reason: call.reason,
    at,
  })
  const member = await writer.member(rollout.id, person.personId)
  if (member) await writer.setMembers(rollout.id, [person.personId], { deferred: 'deferred' })
  await writer.append({
    at,
    rolloutId: rollout.id,
    waveId: member?.waveId ?? null,
    personId: person.personId,
    type: 'verb.defer',
    actor: by,
    reason: call.reason,
    data: { until, approver, channel: caller.channel },
  })
}
