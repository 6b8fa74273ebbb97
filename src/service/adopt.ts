import { type Found, readGroupPeople } from '../engine/in-group-now.ts'
import { planOf } from '../engine/job.ts'
import type { World } from '../engine/world.ts'
import { fault } from '../errors.ts'
import type { AdoptionRequest } from '../store/adoption.ts'
import type { Situation } from './act.ts'
import { graphFault } from './graph-fault.ts'
import { keepVerb, within } from './keep.ts'
import { rolloutView } from './look.ts'
import { checkApprover, checkCall } from './permit.ts'
import type { VerbAnswer } from './views.ts'

/**
 * People who are in the group already, by name, before the start: the change manager asks, and an approver who is
 * somebody else confirms the same list by the same verb.
 */
export async function adopt(world: World, situation: Situation, signal: AbortSignal): Promise<VerbAnswer> {
  const { call, rollout } = situation
  refuseImpossible(situation)
  const { people, findings } = await readGroupPeople(world, planOf(rollout), { lane: 'scan', signal }).catch(
    (error) => {
      throw graphFault(error)
    },
  )
  const [first] = findings
  if (first) throw fault('preflightFailed', { first: `${first.message} ${first.hint}`, findings })
  const request = await world.store.read.adoptionRequest(rollout.id, 'adopt')
  if (call.people === undefined) return await list(world, situation, people, request)
  const chosen = chosenFrom(people, call.people)
  if (request?.approvedBy && isSame(request, chosen))
    return await answer(world, situation, false, 'It is so already.', chosen, 'is adopted')
  return isApproval(situation, request, chosen)
    ? await approve(world, situation, chosen)
    : await ask(world, situation, chosen)
}

function refuseImpossible({ rollout }: Situation): void {
  const verb = 'adopt'
  if (planOf(rollout).enforce.by === 'per-user-mfa') {
    const because = 'this plan sets the per-user MFA of each person, and there is no group to be in'
    throw fault('notApplicable', {
      verb,
      because,
      instead: 'Whoever has it already is left as they are, by name.',
    })
  }
  if (rollout.state === 'draft') return
  throw fault('verbNotPossible', {
    verb,
    subject: `rollout ${rollout.id}`,
    state: rollout.state,
    holds: '',
    possible: 'look again',
  })
}

/** Without names nothing is asked for: it says who is there. */
async function list(
  world: World,
  situation: Situation,
  people: readonly Found[],
  request: AdoptionRequest | undefined,
): Promise<VerbAnswer> {
  if (!situation.call.dryRun)
    throw fault('requestInvalid', {
      detail: 'people is missing; a dry run without it lists who is in the group',
    })
  const able = people.filter((one) => one.barred === null).length
  const asked = request
    ? ` ${request.askedBy} asked for ${request.people.length} of them${request.approvedBy ? `, and ${request.approvedBy} approved` : ''}.`
    : ''
  const says = `${people.length} people are in the group; ${able} can be adopted.${asked}`
  return await answer(world, situation, false, says, people, (one) => sayFound(one, request))
}

function sayFound(one: Found, request: AdoptionRequest | undefined): string {
  const who = `${one.displayName}, ${one.department ?? 'no department'}`
  if (one.barred !== null)
    return `${who}: ${one.barred}, and cannot be adopted; take this person out of the group by hand`
  return request?.people.includes(one.personId) ? `${who}: asked for` : `${who}: can be adopted`
}

/** @throws notAdoptable */
function chosenFrom(people: readonly Found[], named: readonly string[]): Found[] {
  const chosen = new Map<string, Found>()
  const wrong: string[] = []
  for (const name of named) {
    const one = people.find(({ personId, upn }) =>
      [personId, upn].some((id) => id.toLowerCase() === name.toLowerCase()),
    )
    if (one === undefined) wrong.push(`${name} is not in the group`)
    else if (one.barred !== null) wrong.push(`${one.upn} ${one.barred}`)
    else chosen.set(one.personId, one)
  }
  if (wrong.length > 0) throw fault('notAdoptable', { count: wrong.length, people: wrong.join('; ') })
  return [...chosen.values()]
}

/** Whether the call confirms what somebody else asked for; otherwise it asks. @throws notApplicable, adoptionDiffers, ownRequest */
function isApproval(
  { caller }: Situation,
  request: AdoptionRequest | undefined,
  chosen: readonly Found[],
): boolean {
  const mayAsk = caller.roles.includes('changeManager')
  const isOwn = request?.askedBy.toLowerCase() === caller.person.toLowerCase()
  if (!caller.roles.includes('approver') || (mayAsk && (!request || isOwn || !isSame(request, chosen))))
    return false
  if (!request) {
    const because = 'nobody has asked for it yet'
    throw fault('notApplicable', {
      verb: 'adopt',
      because,
      instead: 'The change manager asks, with the names.',
    })
  }
  if (isOwn) throw fault('ownRequest', { person: caller.person, because: 'asked for the adoption' })
  if (!isSame(request, chosen)) throw fault('adoptionDiffers', differenceOf(request, chosen))
  return true
}

function isSame({ people }: AdoptionRequest, chosen: readonly Found[]): boolean {
  const ids = new Set(chosen.map((one) => one.personId))
  return ids.size === people.length && people.every((id) => ids.has(id))
}

function differenceOf({ people, askedBy }: AdoptionRequest, chosen: readonly Found[]) {
  const more = chosen.filter((one) => !people.includes(one.personId)).map((one) => one.upn)
  const lacking = people.filter((id) => !chosen.some((one) => one.personId === id))
  const parts = [
    ...(more.length > 0 ? [`it names ${more.join(', ')} too`] : []),
    ...(lacking.length > 0 ? [`it lacks ${lacking.join(', ')}`] : []),
  ]
  return { askedBy, difference: parts.join(', and ') }
}

async function ask(world: World, situation: Situation, chosen: readonly Found[]): Promise<VerbAnswer> {
  const { caller, call, rollout } = situation
  const says = `${chosen.length} people are to be adopted; an approver confirms the same list with the same verb`
  if (call.dryRun) return await answer(world, situation, false, `Would: ask. ${says}.`, chosen, sayAsked)
  const at = world.clock.now()
  const people = chosen.map((one) => one.personId)
  return await world.store.tx(async (writer) => {
    await refuseMoved(writer, situation)
    await writer.askAdoption(rollout.id, 'adopt', {
      people,
      askedBy: caller.person,
      askedReason: call.reason,
      askedAt: at,
    })
    await writer.append(eventOf(situation, at, { people, asked: true }))
    const done = await answer(within(world, writer), situation, true, `${says}.`, chosen, sayAsked)
    return await keepVerb(writer, world, situation, done)
  })
}

async function approve(world: World, situation: Situation, chosen: readonly Found[]): Promise<VerbAnswer> {
  const { caller, call, rollout } = situation
  await checkApprover(world.store.read, caller, rollout)
  const says = `${chosen.length} people are adopted when the rollout starts: under MFA already, in no wave, never taken out by us`
  if (call.dryRun) return await answer(world, situation, false, `Would: approve. ${says}.`, chosen, sayAsked)
  const at = world.clock.now()
  return await world.store.tx(async (writer) => {
    await refuseMoved(writer, situation)
    const request = await writer.adoptionRequest(rollout.id, 'adopt')
    if (!request || !isSame(request, chosen)) {
      const because = 'another list was asked for meanwhile'
      throw fault('notApplicable', { verb: 'adopt', because, instead: 'Look again with a dry run.' })
    }
    await writer.approveAdoption(rollout.id, 'adopt', { by: caller.person, reason: call.reason, at })
    await writer.append(eventOf(situation, at, { people: request.people, approved: true }))
    const done = await answer(within(world, writer), situation, true, `${says}.`, chosen, sayAsked)
    return await keepVerb(writer, world, situation, done)
  })
}

type Writer = Parameters<Parameters<World['store']['tx']>[0]>[0]

/** Looked at again where nobody comes between. */
async function refuseMoved(writer: Writer, { caller, call, rollout }: Situation): Promise<void> {
  const now = (await writer.rollout(rollout.id)) ?? rollout
  checkCall(caller, call, now, await writer.wavesOf(rollout.id))
  refuseImpossible({ rollout: now } as Situation)
}

function eventOf({ caller, call, rollout }: Situation, at: number, data: Record<string, unknown>) {
  const said = { at, rolloutId: rollout.id, actor: caller.person, reason: call.reason }
  return { ...said, type: 'verb.adopt', data: { channel: caller.channel, ...data } }
}

function sayAsked({ displayName, department }: Found): string {
  return `${displayName}, ${department ?? 'no department'}: is in the group already`
}

async function answer(
  world: World,
  { call, rollout }: Situation,
  changed: boolean,
  says: string,
  people: readonly Found[],
  why: string | ((one: Found) => string),
): Promise<VerbAnswer> {
  return {
    verb: 'adopt',
    changed,
    dryRun: call.dryRun,
    says,
    people: people.map((one) => ({
      personId: one.personId,
      upn: one.upn,
      why: typeof why === 'string' ? why : why(one),
    })),
    rollout: await rolloutView(world, rollout.id),
  }
}
