import { type GraduationPlan, readGraduation } from '../engine/graduation-plan.ts'
import { planOf } from '../engine/job.ts'
import { tellRollout } from '../engine/tell.ts'
import type { World } from '../engine/world.ts'
import { fault } from '../errors.ts'
import type { Person } from '../people/person.ts'
import type { AdoptionRequest } from '../store/adoption.ts'
import type { StoredWave } from '../store/rollouts.ts'
import type { Writer } from '../store/store.ts'
import type { Situation } from './act.ts'
import { refuseWhileFrozen } from './freeze.ts'
import { graphFault } from './graph-fault.ts'
import { keepVerb, within } from './keep.ts'
import { possibleOn, rolloutView } from './look.ts'
import { checkApprover, checkCall } from './permit.ts'
import { refuseTargetInUse } from './start.ts'
import type { VerbAnswer } from './views.ts'

const verb = 'graduate'

/** The change manager asks and sees who is newly caught; an approver who is somebody else confirms, and it begins. */
export async function graduate(world: World, situation: Situation, signal: AbortSignal): Promise<VerbAnswer> {
  const { rollout, call } = situation
  refuseWithoutKey(situation)
  if (rollout.state === 'graduating' || rollout.state === 'graduated')
    return await answer(world, situation, false, 'It is so already.', [])
  refuseImpossible(situation, world.clock.now())
  refuseWhileTakenBack(situation.waves)
  await refuseWhileFrozen(world.store.read)
  const request = await world.store.read.adoptionRequest(rollout.id, verb)
  const isOpen = request !== undefined && request.approvedBy === null
  const approves = isApproval(situation, isOpen ? request : undefined)
  if (approves) await checkApprover(world.store.read, situation.caller, rollout)
  const confirmed = approves ? new Set(request?.people) : null
  const plan = await readGraduation(world, rollout, confirmed, { lane: 'scan', signal }).catch((error) => {
    throw graphFault(error)
  })
  const [first] = plan.findings
  if (first)
    throw fault('preflightFailed', { first: `${first.message} ${first.hint}`, findings: plan.findings })
  const counts = `${plan.caught.length} people are newly caught, and ${plan.exceptions.length} stay out among the exceptions`
  const next = approves
    ? 'the exceptions go first, then the policy covers all users'
    : 'an approver confirms the names with the same verb'
  const says = [`${counts}; ${next}.`, ...sayWritten(rollout, plan)].join(' ')
  if (call.dryRun) return await answer(world, situation, false, `Would: ${says}`, named(plan))
  return await world.store.tx(async (writer) => {
    const write = approves ? approve : ask
    await write(writer, world, situation, plan)
    const done = await answer(within(world, writer), situation, true, says, named(plan))
    return await keepVerb(writer, world, situation, done)
  })
}

/** They are in no wave whose notices would go ahead. */
function sayWritten(rollout: Situation['rollout'], { caught }: GraduationPlan): string[] {
  const notices = planOf(rollout).prepare?.notices
  if (!notices || caught.length === 0) return []
  return [
    `Each of the newly caught gets one mail of ${notices.sender} right before the policy covers them, and no earlier one.`,
  ]
}

function refuseWithoutKey({ rollout }: Situation): void {
  if (planOf(rollout).graduate !== null) return
  const because = 'the plan of this rollout does not say that its policy may cover all users'
  throw fault('notApplicable', {
    verb,
    because,
    instead: 'Write graduate: all-users in the plan of a new rollout.',
  })
}

function refuseImpossible({ rollout }: Situation, at: number): void {
  const possible = possibleOn(rollout, at)
  if (possible.includes(verb)) return
  throw fault('verbNotPossible', {
    verb,
    subject: `rollout ${rollout.id}`,
    state: rollout.state,
    holds: '',
    possible: possible.join(', ') || 'nothing',
    possibleVerbs: possible,
  })
}

/** Whoever leaves the group after the policy was widened would be covered all the same. @throws notApplicable */
function refuseWhileTakenBack(waves: readonly StoredWave[]): void {
  const wave = waves.find(({ state }) => state === 'rollingBack')
  if (!wave) return
  throw fault('notApplicable', {
    verb,
    because: `the wave ${wave.name} is being taken back`,
    instead: 'Wait until that is done; whom it has left in, a second person names with rollback.',
  })
}

/** @throws notApplicable, ownRequest */
function isApproval({ caller }: Situation, request: AdoptionRequest | undefined): boolean {
  const isOwn = request?.askedBy.toLowerCase() === caller.person.toLowerCase()
  const mayAsk = caller.roles.includes('changeManager')
  if (caller.roles.includes('approver') && request && !isOwn) return true
  if (mayAsk) return false
  if (isOwn) throw fault('ownRequest', { person: caller.person, because: 'asked for it' })
  const because = 'nobody has asked for it yet'
  throw fault('notApplicable', {
    verb,
    because,
    instead: 'The change manager asks first, with the same verb.',
  })
}

function named({ caught, exceptions }: GraduationPlan): { person: Person; why: string }[] {
  return [
    ...caught.map((person) => ({ person, why: 'is newly caught: in no wave, and under MFA from then on' })),
    ...exceptions.map(({ person, why }) => ({ person, why: `stays out among the exceptions: ${why}` })),
  ]
}

async function ask(writer: Writer, world: World, situation: Situation, plan: GraduationPlan): Promise<void> {
  const { caller, call, rollout } = situation
  await refuseMoved(writer, world, situation)
  const at = world.clock.now()
  const people = plan.caught.map((person) => person.id)
  await writer.askAdoption(rollout.id, verb, {
    people,
    askedBy: caller.person,
    askedReason: call.reason,
    askedAt: at,
  })
  await writer.append(eventOf(situation, at, { people, asked: true }))
}

async function approve(
  writer: Writer,
  world: World,
  situation: Situation,
  plan: GraduationPlan,
): Promise<void> {
  const { caller, call, rollout } = situation
  await refuseMoved(writer, world, situation)
  refuseTargetInUse(rollout, rollout, await writer.rollouts())
  const at = world.clock.now()
  const request = await writer.adoptionRequest(rollout.id, verb)
  await writer.approveAdoption(rollout.id, verb, { by: caller.person, reason: call.reason, at })
  const out = plan.exceptions.length
  await writer.append(
    eventOf(situation, at, { people: request?.people ?? [], exceptions: out, approved: true }),
  )
  const event = { type: 'GRADUATE' as const, at, by: caller.person, reason: call.reason }
  const told = await tellRollout(writer, rollout.id, event)
  if (told.moved) return
  const subject = `rollout ${rollout.id}`
  throw fault('verbNotPossible', { verb, subject, state: told.from, holds: '', possible: 'look again' })
}

/** Looked at again where nobody comes between. */
async function refuseMoved(
  writer: Writer,
  world: World,
  { caller, call, rollout }: Situation,
): Promise<void> {
  const now = (await writer.rollout(rollout.id)) ?? rollout
  const waves = await writer.wavesOf(rollout.id)
  checkCall(caller, call, now, waves)
  refuseImpossible({ rollout: now } as Situation, world.clock.now())
  refuseWhileTakenBack(waves)
  await refuseWhileFrozen(writer)
}

function eventOf({ caller, call, rollout }: Situation, at: number, data: Record<string, unknown>) {
  const said = { at, rolloutId: rollout.id, actor: caller.person, reason: call.reason }
  return { ...said, type: 'verb.graduate', data: { channel: caller.channel, ...data } }
}

async function answer(
  world: World,
  { call, rollout }: Situation,
  changed: boolean,
  says: string,
  people: readonly { person: Person; why: string }[],
): Promise<VerbAnswer> {
  return {
    verb,
    changed,
    dryRun: call.dryRun,
    says,
    people: people.map(({ person, why }) => ({
      personId: person.id,
      upn: person.upn,
      why: `${person.displayName}, ${person.department ?? 'no department'}: ${why}`,
    })),
    rollout: await rolloutView(world, rollout.id),
  }
}
