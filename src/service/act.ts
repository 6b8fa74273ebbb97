import type { RolloutEvent, WaveContext, WaveEvent } from '../../machines/language.ts'
import { rolloutContextOf, waveContextOf } from '../engine/step.ts'
import { tellRollout, tellWave } from '../engine/tell.ts'
import type { World } from '../engine/world.ts'
import { fault } from '../errors.ts'
import type { GateResult } from '../gates/gate-result.ts'
import { durationMs } from '../plan/units.ts'
import type { StoredRollout, StoredWave } from '../store/rollouts.ts'
import type { Writer } from '../store/store.ts'
import { acceptFinding, namesFinding } from './accept-finding.ts'
import { actOnPeople } from './act-on-people.ts'
import { adopt } from './adopt.ts'
import { adoptAtStart } from './adopt-at-start.ts'
import { approveStart } from './approve-start.ts'
import { atRisk, type TouchedPerson } from './at-risk.ts'
import { refuseApproverAlone } from './confirm-rollback.ts'
import type { Caller, VerbCall } from './contract.ts'
import { acceptDrift } from './drift-accept.ts'
import { revertDrift } from './drift-revert.ts'
import { refuseWhileFrozen } from './freeze.ts'
import { graduate } from './graduate.ts'
import { type Keep, keepVerb, within } from './keep.ts'
import { type MachineVerb, needRollout, needWave, possibleOn, rolloutView, wouldBe } from './look.ts'
import { checkApprover, checkCall } from './permit.ts'
import { recordDecision } from './record-decision.ts'
import { restart } from './restart.ts'
import { notPrepared, prepareAgain } from './retry-preparations.ts'
import { retirable, retireAgain, retryRetirements } from './retry-retirements.ts'
import { withPreparation } from './rollback-preparation.ts'
import { sayBeside } from './say-beside.ts'
import { checkStart, refuseTargetInUse, refuseUnderAnother, type Startable } from './start.ts'
import { refuseUnapproved, sayUnapproved } from './start-approval.ts'
import { disarm, rearm } from './switch.ts'
import { LONGEST_SOAK_CHANGE_MS, VERBS, type Verb } from './verbs.ts'
import type { VerbAnswer } from './views.ts'

/** What a call is about, as it stood when the call came. */
export interface Situation {
  caller: Caller
  call: VerbCall
  rollout: StoredRollout
  waves: StoredWave[]
  wave: StoredWave | undefined
  keep: Keep | undefined
}

/** Four eyes: another person than who wrote, started or resumed it. */
const NOT_BY_THE_REQUESTER: readonly Verb[] = ['approve', 'reject', 'accept']

/** Verbs that lead to new changes. */
const FORWARD: readonly Verb[] = ['start', 'rearm']

/** One verb, on a rollout, a wave or people. Already so: changed is false. */
export async function act(
  world: World,
  caller: Caller,
  call: VerbCall,
  signal: AbortSignal,
  keep?: Keep,
): Promise<VerbAnswer> {
  const { read } = world.store
  const rollout = await needRollout(read, call.rollout)
  const waves = await read.wavesOf(rollout.id)
  const wave = call.wave === undefined ? undefined : await needWave(read, rollout.id, call.wave)
  const situation: Situation = { caller, call, rollout, waves, wave, keep }
  checkCall(caller, call, rollout, waves)
  refuseUnderAnother(call.verb, rollout, await read.rollouts())
  if (call.verb === 'adopt') return await adopt(world, situation, signal)
  if (call.verb === 'graduate') return await graduate(world, situation, signal)
  if (call.people !== undefined && call.verb !== 'revert') return await actOnPeople(world, situation, signal)
  if (call.verb === 'disarm') return await disarm(world, situation, signal)
  if (call.verb === 'rollback') refuseApproverAlone(situation, undefined)
  if (call.verb === 'rollback' && !caller.roles.includes('onCall')) {
    throw fault('roleTooWeak', {
      person: caller.person,
      role: 'help desk',
      verb: 'rollback of more than one person',
      roles: 'on-call',
    })
  }
  if (NOT_BY_THE_REQUESTER.includes(call.verb)) await checkApprover(read, caller, rollout)
  if (call.verb === 'approve' && !wave) return await approveStart(world, situation)
  if (call.verb === 'accept' && !wave && namesFinding(situation))
    return await acceptFinding(world, situation, signal)
  if (isAlreadySo(situation)) return await answer(world, situation, false, 'It is so already.', [])
  checkGates(situation)
  const over = call.verb === 'retry' && wave ? await retryRetirements(world, situation, wave) : undefined
  if (over) return over
  refuseImpossible(situation, world.clock.now())
  if (FORWARD.includes(call.verb)) await refuseWhileFrozen(read)
  if (call.verb === 'rearm') return await rearm(world, situation, signal)
  if (call.verb === 'restart') return await restart(world, situation)
  if (call.verb === 'revert') return await revertDrift(world, situation, signal)
  if (call.verb === 'accept' && !wave) return await acceptDrift(world, situation)
  await checkAccept(world, situation)
  if (call.verb === 'extend' || call.verb === 'shorten') soakChange(call)
  if (call.verb === 'start' && !call.dryRun) await refuseUnapproved(read, rollout, caller)
  const start = call.verb === 'start' ? await checkStart(world, rollout, signal) : null
  const people = await atRisk(world, situation)
  const unapproved = start ? await sayUnapproved(read, rollout, caller) : []
  const beside = await sayBeside(world, situation)
  const says = [`${VERBS[call.verb].says}.`, ...(start?.notes ?? []), ...unapproved, ...beside].join(' ')
  if (call.dryRun) return await answer(world, situation, false, `Would: ${says}`, people)
  return await world.store.tx(async (writer) => {
    await carryOut(writer, world, situation, start)
    const done = await answer(within(world, writer), situation, true, says, people)
    return await keepVerb(writer, world, situation, done)
  })
}

async function answer(
  world: World,
  { call, rollout }: Situation,
  changed: boolean,
  says: string,
  people: TouchedPerson[],
): Promise<VerbAnswer> {
  return {
    verb: call.verb,
    changed,
    dryRun: call.dryRun,
    says,
    people,
    rollout: await rolloutView(world, rollout.id),
  }
}

function isAlreadySo({ caller, call, rollout, wave }: Situation): boolean {
  const holds = wave ? waveContextOf(wave.saved).holds : rolloutContextOf(rollout.saved).holds
  const isHeldBy = (kind: string) => holds.some((hold) => hold.kind === kind)
  switch (call.verb) {
    case 'start':
      return rollout.state === 'running'
    case 'pause':
      return isHeldBy('user')
    case 'resume':
      return holds.length === 0 && (wave ? isLive(wave.state) : rollout.state === 'running')
    case 'approve':
      return wave !== undefined && isLive(wave.state) && hasApproved(caller, waveContextOf(wave.saved))
    case 'reject':
      return wave?.state === 'rejected'
    case 'abort':
      return rollout.state === 'aborted'
    case 'rollback': {
      const state = wave ? wave.state : rollout.state
      return (state === 'rolledBack' && !asksForMore({ call, rollout, wave })) || state === 'rollingBack'
    }
    case 'skip':
      return wave?.state === 'skipped'
    case 'retry':
    case 'advance':
    case 'extend':
    case 'shorten':
    case 'accept':
    case 'revert':
    case 'disarm':
    case 'rearm':
    case 'restart':
    case 'resolve':
    case 'adopt':
    case 'graduate':
    case 'defer':
    case 'release':
    case 'pass':
      return false
    default:
      return call.verb satisfies never
  }
}

function asksForMore({ call, rollout, wave }: Pick<Situation, 'call' | 'rollout' | 'wave'>): boolean {
  const { withPreparation } = wave ? waveContextOf(wave.saved) : rolloutContextOf(rollout.saved)
  return call.withPreparation === true && withPreparation !== true
}

/** All that were asked for, or this one: a second yes of one person is no second person. */
function hasApproved(caller: Caller, { approvedBy, approvals = [] }: WaveContext): boolean {
  return approvedBy !== null || approvals.some((one) => one.toLowerCase() === caller.person.toLowerCase())
}

function isLive(state: string): boolean {
  return ![
    'pending',
    'completed',
    'rolledBack',
    'rollbackFailed',
    'aborted',
    'rejected',
    'rollingBack',
    'skipped',
  ].includes(state)
}

/** Advance goes over the gates it names, and those have to be the ones that hold. */
function checkGates({ call, wave }: Situation): void {
  if ((call.verb !== 'advance' && call.verb !== 'accept') || !wave) return
  const named = call.gates ?? []
  const held = waveContextOf(wave.saved).holds.flatMap((hold) => hold.gate ?? [])
  const foreign = named.filter((gate) => !held.includes(gate))
  const needsOne =
    (wave.state !== 'soaking' || call.verb === 'accept') && named.length === 0 && held.length > 0
  if (foreign.length === 0 && !needsOne) return
  const gates = foreign.join(', ') || '(none named)'
  throw fault('gateUnknownToWave', { wave: wave.name, gates, held: held.join(', ') || 'none' })
}

function refuseImpossible(situation: Situation, at: number): void {
  const { call, rollout, wave } = situation
  const subject = wave ?? rollout
  const possible = possibleOn(subject, at, call.withPreparation)
  if (possible.includes(call.verb) && VERBS[call.verb].on.includes(wave ? 'wave' : 'rollout')) return
  const context = wave ? waveContextOf(wave.saved) : rolloutContextOf(rollout.saved)
  const name = wave ? `wave ${wave.name}` : `rollout ${rollout.id}`
  const ended = 'completedAt' in context ? context.completedAt : context.endedAt
  if (call.verb === 'rollback' && ended !== null && subject.state.startsWith('completed')) {
    throw fault('outsideWindow', { subject: name, ended: new Date(ended).toISOString() })
  }
  throw fault('verbNotPossible', {
    verb: call.verb,
    subject: name,
    state: subject.state,
    holds: context.holds.length > 0 ? `, held by ${context.holds.map((hold) => hold.kind).join(', ')}` : '',
    possible: possible.join(', ') || 'nothing',
    possibleVerbs: possible,
  })
}

async function carryOut(
  writer: Writer,
  world: World,
  situation: Situation,
  start: Startable | null,
): Promise<void> {
  const { caller, call, rollout, wave } = situation
  // Looked at again where nobody comes between: while the tenant was asked, somebody else may have acted.
  const now = (await writer.rollout(rollout.id)) ?? rollout
  checkCall(caller, call, now, await writer.wavesOf(rollout.id))
  refuseUnderAnother(call.verb, now, await writer.rollouts())
  if (FORWARD.includes(call.verb)) await refuseWhileFrozen(writer)
  if (start) await refuseUnapproved(writer, now, caller)
  if (start) refuseTargetInUse(rollout, start, await writer.rollouts())
  const at = world.clock.now()
  const place = { at, rolloutId: rollout.id, waveId: wave?.id ?? null }
  const data = { channel: caller.channel, ...(call.gates ? { gates: call.gates } : {}) }
  await writer.append({
    ...place,
    type: `verb.${call.verb}`,
    actor: caller.person,
    reason: call.reason,
    data,
  })
  const command = { ...wouldBe(call.verb as MachineVerb, at), by: caller.person, reason: call.reason }
  const event = { ...command, ...(await detailsOf(writer, situation)) }
  if (call.verb === 'start' && start) {
    const groups = { group_id: start.groupId, admin_group_id: start.adminGroupId }
    await writer.setRollout(rollout.id, { started_by: caller.person, ...groups })
    await adoptAtStart(writer, rollout, start.adopted, start.groupId, at)
  }
  if (wave && (call.verb === 'approve' || call.verb === 'reject'))
    await recordDecision(writer, situation, wave, at)
  if (wave && call.verb === 'retry') await askAgain(writer, wave, at)
  const told = wave
    ? await tellWave(writer, wave.id, event as WaveEvent)
    : await tellRollout(writer, rollout.id, event as RolloutEvent)
  if (!told.moved) {
    const state = told.from
    throw fault('verbNotPossible', {
      verb: call.verb,
      subject: wave?.name ?? rollout.id,
      state,
      holds: '',
      possible: 'look again',
    })
  }
}

/** What a verb says besides who and why. */
async function detailsOf(
  writer: Writer,
  { call, rollout, wave }: Situation,
): Promise<Record<string, unknown>> {
  switch (call.verb) {
    case 'advance':
      return { gates: [...(call.gates ?? [])] }
    case 'rollback':
      return withPreparation(call)
    case 'approve':
      return { without: await writer.actorsOf(rollout.id, 'verb.resume') }
    case 'extend':
    case 'shorten':
      return { ms: soakChange(call) }
    case 'accept': {
      const results = wave ? await writer.gateResults(wave.id) : []
      const counted = results.filter(({ gate }) => call.gates?.includes(gate))
      return { counts: Object.fromEntries(counted.map(({ gate, result }) => [gate, countOf(result)])) }
    }
    default:
      return {}
  }
}

function soakChange({ by = '' }: VerbCall): number {
  const ms = /^[1-9]\d{0,5}[smhd]$/.test(by) ? durationMs(by) : 0
  if (ms > 0 && ms <= LONGEST_SOAK_CHANGE_MS) return ms
  throw fault('requestInvalid', {
    detail: `by is "${by}"; a whole number and s, m, h or d is wanted, 90d at most`,
  })
}

function countOf(result: unknown): number {
  return (result as GateResult).evidence.value ?? 0
}

/** A spent budget can be taken as it is only when nobody is kept out any more. */
async function checkAccept(world: World, { call, wave }: Situation): Promise<void> {
  if (call.verb !== 'accept' || !wave) return
  const { lockedOutNow } = await world.store.read.counts(wave.id)
  if (lockedOutNow > 0) throw fault('stillLockedOut', { count: lockedOutNow, wave: wave.name })
}

async function askAgain(writer: Writer, wave: StoredWave, at: number): Promise<void> {
  const members = await writer.membersOf(wave.id)
  await retireAgain(writer, await retirable(writer, members, at), at)
  await prepareAgain(writer, await notPrepared(writer, members), at)
  const failed = members.filter((member) => member.outcome === 'failed')
  const ids = failed.map((member) => member.personId)
  if (wave.state !== 'rollbackFailed')
    await writer.setMembers(wave.rolloutId, ids, { outcome: 'pending', outcome_reason: null })
}
