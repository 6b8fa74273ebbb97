import { LEFT_IN_REASON, soonWaitingForSecondPerson } from '../engine/left-in.ts'
import { readRolesNow } from '../engine/role-holders.ts'
import type { World } from '../engine/world.ts'
import { fault } from '../errors.ts'
import { sayPeople } from '../gates/say-people.ts'
import type { Member } from '../store/members.ts'
import type { Reader, Writer } from '../store/store.ts'
import type { Situation } from './act.ts'
import { isChanged, type TouchedPerson } from './at-risk.ts'
import { confirm, isConfirmedBy, refuseApproverAlone } from './confirm-rollback.ts'
import type { Caller } from './contract.ts'
import { graphFault } from './graph-fault.ts'
import { keepVerb, within } from './keep.ts'
import { rolloutView } from './look.ts'
import { sayPreparation, stillPrepared, withPreparation } from './rollback-preparation.ts'
import { refuseUnderAnother } from './start.ts'
import { HELP_DESK_ROLLBACKS_A_DAY } from './verbs.ts'
import type { VerbAnswer } from './views.ts'

const DAY = 86_400_000

/** Takes people back and parks them for later; the state of their waves stays as it is. */
export async function rollbackPeople(
  world: World,
  situation: Situation,
  members: readonly Member[],
): Promise<VerbAnswer> {
  const { call, rollout } = situation
  refuseApproverAlone(situation, members)
  await checkHelpDesk(world, situation, members)
  const confirmed = members.filter((member) => isConfirmedBy(situation, member))
  const waiting = members.filter((member) => member.restore === 'leftIn' && !confirmed.includes(member))
  const prepared = call.withPreparation
    ? await stillPrepared(world.store.read, rollout.id, members)
    : new Map<string, unknown>()
  const newly = members.filter(
    (member) =>
      member.restore !== 'leftIn' &&
      (member.deferred !== 'rolledBack' ||
        prepared.has(member.personId) ||
        (isChanged(member) && member.restore !== 'restored')),
  )
  const stay = await staying(world, newly)
  const open = [...newly, ...confirmed]
  const touched = [...open, ...waiting].map(
    (member): TouchedPerson => ({
      personId: member.personId,
      upn: member.upn,
      why: whyOf(member, stay.has(member.personId) || waiting.includes(member)),
    }),
  )
  const left = touched.length - open.length + stay.size
  const says = `${sayPeople(open.length - stay.size)} ${open.length - stay.size === 1 ? 'goes back and waits' : 'go back and wait'} for somebody to let them into a wave again${left > 0 ? `; ${left} with a directory role stay in until a second person names them` : ''}`
  const more = await sayPreparation(world, situation, members)
  const done = { verb: call.verb, dryRun: call.dryRun, people: touched }
  const changed = !call.dryRun && open.length > 0
  const answer = async (seen: World): Promise<VerbAnswer> => ({
    ...done,
    changed,
    says:
      open.length + waiting.length === 0
        ? 'It is so already.'
        : [`${call.dryRun ? 'Would: ' : ''}${says}.`, ...more].join(' '),
    rollout: await rolloutView(seen, rollout.id),
  })
  if (!changed) return await answer(world)
  return await world.store.tx(async (writer) => {
    await park(writer, world, situation, newly)
    await confirm(writer, world, situation, confirmed)
    return await keepVerb(writer, world, situation, await answer(within(world, writer)))
  })
}

/** Left in by this call; the engine looks again at the moment of the restore. */
async function staying(world: World, members: readonly Member[]): Promise<ReadonlySet<string>> {
  return (await soonWaitingForSecondPerson(world, members.filter(isChanged))).ids
}

function whyOf(member: Member, stays: boolean): string {
  if (stays) return LEFT_IN_REASON
  return isChanged(member) ? 'goes back to what was recorded before' : 'was not changed; is left for later'
}

/** One person at a time, so many a day, never oneself. */
async function checkHelpDesk(world: World, { caller }: Situation, members: readonly Member[]): Promise<void> {
  // An approver confirms, and only that.
  if (!caller.roles.includes('helpDesk') || caller.roles.includes('onCall')) return
  const refuse = (verb: string) =>
    fault('roleTooWeak', { person: caller.person, role: 'help desk', verb, roles: 'on-call' })
  if (members.length > 1) throw refuse('rollback of more than one person at a time')
  if (members.some((member) => member.upn.toLowerCase() === caller.person.toLowerCase()))
    throw refuse('rollback of oneself')
  if (!(await haveNoRole(world, members)))
    throw refuse('rollback of a person who holds, or may hold, a directory role')
  await checkDay(world.store.read, world, caller)
}

/** By the registration report or the roles, now; whom the report does not name may hold one. */
async function haveNoRole(world: World, members: readonly Member[]): Promise<boolean> {
  try {
    const ids = members.map((member) => member.personId)
    const { free } = await readRolesNow(world, ids, { lane: 'restore' })
    return ids.every((id) => free.has(id))
  } catch (error) {
    throw graphFault(error)
  }
}

async function checkDay(read: Pick<Reader, 'timesDone'>, world: World, caller: Caller): Promise<void> {
  if (!caller.roles.includes('helpDesk') || caller.roles.includes('onCall')) return
  const times = await read.timesDone(caller.person, 'verb.rollback', world.clock.now() - DAY)
  if (times < HELP_DESK_ROLLBACKS_A_DAY) return
  const verb = `more than ${HELP_DESK_ROLLBACKS_A_DAY} rollbacks a day`
  throw fault('roleTooWeak', { person: caller.person, role: 'help desk', verb, roles: 'on-call' })
}

async function park(
  writer: Writer,
  world: World,
  { caller, call, rollout }: Situation,
  members: readonly Member[],
): Promise<void> {
  await checkDay(writer, world, caller)
  refuseUnderAnother('rollback', (await writer.rollout(rollout.id)) ?? rollout, await writer.rollouts())
  const at = world.clock.now()
  const waves = new Set(members.map((member) => member.waveId))
  for (const waveId of waves) {
    const ids = members.filter((member) => member.waveId === waveId).map((member) => member.personId)
    await writer.setMembers(rollout.id, ids, { deferred: 'rolledBack', parked_at: at, released_at: null })
    // In the wave's lane: what is in flight for them ends first, and is undone then.
    await writer.enqueue({
      kind: 'restorePeople',
      // Who is in no wave waits behind the rollout's own work.
      lane: waveId || rollout.id,
      data: { rolloutId: rollout.id, people: ids, by: caller.person, ...withPreparation(call) },
      runAt: at,
    })
    const place = { at, rolloutId: rollout.id, waveId: waveId || null }
    await writer.append({
      ...place,
      type: 'verb.rollback',
      actor: caller.person,
      reason: call.reason,
      data: { people: ids, channel: caller.channel },
    })
  }
}
