import { createHash } from 'node:crypto'
import { quorumOf } from '../../machines/approval.ts'
import type { Hold, RolloutEvent, WaveContext, WaveEvent } from '../../machines/language.ts'
import { idsOf } from '../engine/doors.ts'
import { planOf } from '../engine/job.ts'
import { bareBy } from '../engine/left-bare.ts'
import { listener, rolloutContextOf, waveContextOf } from '../engine/step.ts'
import type { World } from '../engine/world.ts'
import { fault } from '../errors.ts'
import { type SoakStatus, soakStatus } from '../gates/soak.ts'
import type { CompiledHolds } from '../plan/compiled-plan.ts'
import type { Deferral } from '../store/deferrals.ts'
import type { StoredEvent } from '../store/events.ts'
import type { Member, MemberCounts } from '../store/members.ts'
import type { PlanRevision } from '../store/revisions.ts'
import type { StoredRollout, StoredWave } from '../store/rollouts.ts'
import type { Reader } from '../store/store.ts'
import { campaignView } from './campaign-view.ts'
import { findingViews } from './drift-view.ts'
import { holdView } from './hold-view.ts'
import { countLeftovers } from './leftovers-view.ts'
import { phaseOf } from './phase.ts'
import { phoneOnlyView } from './phone-only.ts'
import { preparationOfWave } from './preparation-view.ts'
import { isRollbackInTrouble } from './rollback-trouble.ts'
import { approvable } from './start-approval.ts'
import { tenantFindingView } from './tenant-finding-view.ts'
import type { Verb } from './verbs.ts'
import {
  type EventView,
  type MemberView,
  type RevisionView,
  type RolloutSummary,
  type RolloutView,
  time,
  timeOrNull,
  type WaveView,
} from './views.ts'

function administratorsView(rollout: StoredRollout): RolloutView['target']['administrators'] {
  const { administrators } = planOf(rollout).enforce
  return administrators && { ...administrators, ...idsOf(rollout, 'administrators') }
}

/** Verbs a machine hears. `restart` makes a new run, the others are words about people. */
export type MachineVerb = Exclude<Verb, 'restart' | 'resolve' | 'adopt' | 'defer' | 'release' | 'pass'>

/** The event a verb would tell, to ask a machine whether it takes it. */
export function wouldBe(
  verb: MachineVerb,
  at: number,
  withPreparation?: boolean,
): (RolloutEvent & WaveEvent) | RolloutEvent | WaveEvent {
  const command = { at, by: 'somebody', reason: 'to see whether it is possible' }
  switch (verb) {
    case 'start':
      return { type: 'START', ...command }
    case 'approve':
      return { type: 'APPROVE', ...command }
    case 'reject':
      return { type: 'REJECT', ...command }
    case 'pause':
      return { type: 'PAUSE', ...command }
    case 'resume':
      return { type: 'RESUME', ...command }
    case 'advance':
      return { type: 'ADVANCE', ...command, gates: ['readiness', 'wouldBlock', 'lockedOut', 'failedChanges'] }
    case 'retry':
      return { type: 'RETRY', ...command }
    case 'abort':
      return { type: 'ABORT', ...command }
    case 'skip':
      return { type: 'SKIP', ...command }
    case 'extend':
      return { type: 'EXTEND', ...command, ms: 0 }
    case 'shorten':
      return { type: 'SHORTEN', ...command, ms: 0 }
    case 'accept':
      return { type: 'ACCEPT', ...command, counts: { lockedOut: 0, failedChanges: 0 } }
    case 'revert':
      return { type: 'REVERT', ...command, again: [] }
    case 'disarm':
      return { type: 'DISARM', ...command }
    case 'rearm':
      return { type: 'REARM', ...command }
    case 'graduate':
      return { type: 'GRADUATE', ...command }
    case 'rollback':
      return { type: 'ROLLBACK', ...command, above: false, ...(withPreparation ? { withPreparation } : {}) }
    default:
      return verb satisfies never
  }
}

const ON_ROLLOUT: readonly MachineVerb[] = [
  'start',
  'pause',
  'resume',
  'abort',
  'rollback',
  'disarm',
  'rearm',
  'graduate',
  'accept',
  'revert',
]
const ON_WAVE: readonly MachineVerb[] = [
  'skip',
  'approve',
  'reject',
  'pause',
  'resume',
  'advance',
  'extend',
  'shorten',
  'accept',
  'retry',
  'rollback',
]
/** A rollout that is over can be run again. */
const ENDED: readonly string[] = ['completed', 'completedWithLeftovers', 'aborted', 'rolledBack']

export function possibleOn(
  subject: StoredRollout | StoredWave,
  at: number,
  withPreparation?: boolean,
): Verb[] {
  const isRollout = subject.saved.machine === 'rollout'
  // A spent budget is not to be advanced over, by whatever name.
  const isSpent = waveHolds(subject).some((hold) => hold.kind === 'budgetSpent')
  const hears = listener(subject.saved)
  const heard = (isRollout ? ON_ROLLOUT : ON_WAVE).filter(
    (verb) =>
      !(verb === 'advance' && isSpent) &&
      !(verb === 'graduate' && !mayGraduate(subject)) &&
      hears(wouldBe(verb, at, withPreparation)),
  )
  if (!('findings' in subject)) return heard
  const accept: Verb[] = subject.findings.some((one) => one.accepted === null) ? ['accept'] : []
  const restart: Verb[] = ENDED.includes(subject.state) ? ['restart'] : []
  const adopt: Verb[] = subject.state === 'draft' ? ['adopt'] : []
  return [...new Set([...heard, ...adopt, ...accept, ...restart])]
}

function mayGraduate(subject: StoredRollout | StoredWave): boolean {
  return 'plan' in subject && planOf(subject).graduate !== null
}

function waveHolds({ saved }: StoredRollout | StoredWave): readonly Hold[] {
  return saved.machine === 'wave' ? waveContextOf(saved).holds : []
}

/** Over state, holds and plan; progress does not change it. */
export function etagOf(rollout: StoredRollout, waves: readonly StoredWave[]): string {
  const hold = ({ kind, gate, seen }: Hold) => [kind, gate ?? null, ...(seen === undefined ? [] : [seen])]
  const seen = [
    rollout.planHash,
    rollout.state,
    rolloutContextOf(rollout.saved).holds.map(hold),
    waves.map((wave) => [wave.state, waveContextOf(wave.saved).holds.map(hold)]),
  ]
  return `"${createHash('sha256').update(JSON.stringify(seen)).digest('hex').slice(0, 20)}"`
}

export async function summaryOf(
  read: Reader,
  rollout: StoredRollout,
  waves: readonly StoredWave[],
): Promise<RolloutSummary> {
  return {
    id: rollout.id,
    name: rollout.name,
    change: rollout.change,
    state: rollout.state,
    phase: phaseOf(rollout, waves, await isRollbackInTrouble(read, rollout, waves)),
    planHash: rollout.planHash,
    createdAt: time(rollout.createdAt),
    createdBy: rollout.createdBy,
  }
}

export async function needRollout(read: Reader, id: string): Promise<StoredRollout> {
  const rollout = await read.rollout(id)
  if (!rollout) throw fault('rolloutNotFound', { id })
  return rollout
}

/** By name or id. */
export async function needWave(read: Reader, rolloutId: string, name: string): Promise<StoredWave> {
  const waves = await read.wavesOf(rolloutId)
  const wave = waves.find((one) => one.name === name || one.id === name)
  if (!wave)
    throw fault('waveNotFound', { id: rolloutId, wave: name, waves: waves.map((one) => one.name).join(', ') })
  return wave
}

export function revisionView({ number, planHash, by, at, reason }: PlanRevision): RevisionView {
  return { number, planHash, by, at: time(at), reason }
}

export async function rolloutView(world: World, id: string): Promise<RolloutView> {
  const { read } = world.store
  const rollout = await needRollout(read, id)
  const waves = await read.wavesOf(id)
  const now = world.clock.now()
  const counts = await Promise.all(waves.map((wave) => read.counts(wave.id)))
  const leftOut = await read.leftOutCounts(id)
  const open = await read.openDrift(id)
  const rules = planOf(rollout).holds
  return {
    ...(await summaryOf(read, rollout, waves)),
    startedBy: rollout.startedBy,
    target: {
      group: rollout.targetGroup,
      policy: rollout.targetPolicy,
      groupId: rollout.groupId,
      policyId: rollout.policyId,
      administrators: administratorsView(rollout),
      twinPolicyId: rollout.twinId,
    },
    revisions: (await read.revisions(id)).map(revisionView),
    holds: rolloutContextOf(rollout.saved).holds.map((hold) => holdView(hold, rules, now)),
    findings: rollout.findings.map(tenantFindingView),
    waves: await Promise.all(
      waves.map((wave, place) => waveView(read, wave, counts[place] as MemberCounts, rules, now)),
    ),
    adopted: rollout.groupId === null ? 0 : (await read.adopted(rollout.groupId)).size,
    drift: findingViews(open, await bareBy(read, id, open)),
    leftOut,
    campaign: await campaignView(read, id),
    leftovers: countLeftovers(counts, leftOut),
    phoneOnly: await phoneOnlyView(world, planOf(rollout)),
    nextLookAt: timeOrNull(rolloutContextOf(rollout.saved).wakeAt),
    possible: [...possibleOn(rollout, now), ...(await approvable(read, rollout))],
    etag: etagOf(rollout, waves),
    now: time(now),
  }
}

async function waveView(
  read: Reader,
  wave: StoredWave,
  counted: MemberCounts,
  rules: CompiledHolds,
  now: number,
): Promise<WaveView> {
  const context = waveContextOf(wave.saved)
  const { restoreFailed: _failed, restoreUnknown: _unknown, ...seen } = counted
  const { inPlaceAt: _inPlaceAt, leftOver: _leftOver, ...counts } = seen
  const soak = soakOf(context, now)
  return {
    id: wave.id,
    name: wave.name,
    position: wave.position,
    state: wave.state,
    holds: context.holds.map((hold) => holdView(hold, rules, now)),
    counts,
    soak: { forMs: context.settings.soakMs, elapsedMs: soak.elapsedMs, endsAt: timeOrNull(soak.endsAt) },
    leftIn: counts.leftIn === 0 ? [] : await leftInOf(read, wave.id),
    nextLookAt: timeOrNull(context.wakeAt),
    approval: approvalOf(wave, context),
    overridden: context.overridden,
    possible: withRetry(possibleOn(wave, now), counts),
    ...(await preparationOfWave(read, wave.id, context)),
  }
}

/** The end of somebody's per-user MFA can be tried again in whatever state the wave is. */
function withRetry(possible: Verb[], { perUserFailed }: WaveView['counts']): Verb[] {
  return perUserFailed === 0 || possible.includes('retry') ? possible : [...possible, 'retry']
}

async function leftInOf(read: Reader, waveId: string): Promise<WaveView['leftIn']> {
  const members = (await read.membersOf(waveId)).filter((member) => member.restore === 'leftIn')
  return members.map(({ personId, upn, leftInBy }) => ({ personId, upn, askedBy: leftInBy ?? '' }))
}

function approvalOf(wave: StoredWave, context: WaveContext): WaveView['approval'] {
  const { settings, approvals = [], approvedBy } = context
  const isAsked = wave.state === 'awaitingApproval' && settings.approval
  return {
    required: settings.approval,
    by: approvedBy,
    quorum: quorumOf(context),
    given: approvals,
    until: isAsked ? timeOrNull(context.wakeAt) : null,
  }
}

export function soakOf(context: WaveContext, now: number): SoakStatus {
  const { soakedMs: soakedBeforeMs, soakingSince: since, settings } = context
  return soakStatus({ forMs: settings.soakMs, soakedBeforeMs, since, now })
}

export function memberView(member: Member, deferral?: Deferral): MemberView {
  return {
    personId: member.personId,
    upn: member.upn,
    displayName: member.displayName,
    outcome: member.outcome,
    reason: member.outcomeReason,
    deferred: member.deferred,
    deferredUntil: timeOrNull(deferral?.until ?? null),
    requestedAt: timeOrNull(member.requestedAt),
    inPlaceAt: timeOrNull(member.inPlaceAt),
    provenAt: timeOrNull(member.provenAt),
    lockedOutAt: timeOrNull(member.lockedOutAt),
    lockedOutNow: member.lockedOutNow,
    restore: member.restore,
    restoreReason: member.restoreReason,
    restoredAt: timeOrNull(member.restoredAt),
    leftInBy: member.restore === 'leftIn' ? member.leftInBy : null,
    confirmedBy: member.confirmedBy,
    readiness: member.readiness,
    lastProvenAt: timeOrNull(member.lastProvenAt),
    perUserMfa: member.perUserMfa,
    perUserReason: member.perUserReason,
    notProvenAcceptedBy: member.notProvenAcceptedBy,
  }
}

export function eventView(event: StoredEvent, waveNames: ReadonlyMap<string, string>): EventView {
  return {
    seq: event.seq,
    at: time(event.at),
    rollout: event.rolloutId,
    wave: event.waveId === null ? null : (waveNames.get(event.waveId) ?? null),
    person: event.personId,
    type: event.type,
    actor: event.actor,
    reason: event.reason,
    data: event.data,
  }
}
