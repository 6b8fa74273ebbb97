import type { Effect, Hold, RolloutEvent, WaveEvent } from '../../machines/language.ts'
import type { Writer } from '../store/store.ts'
import { followApproval } from './approval-age.ts'
import { followCampaign } from './campaign-record.ts'
import { followRolloutNotices, followWaveNotices } from './follow-notices.ts'
import { followHolds } from './hold-age.ts'
import { next, rolloutContextOf, type Stepped, waveContextOf } from './step.ts'
import { followTokens } from './wipe-tokens.ts'

export interface Told {
  /** False: the machine does not take this event in its state, and nothing was written. */
  moved: boolean
  from: string
  to: string
}

/** Work that waits in the database until the engine takes it. */
export interface WorkOrder {
  work: Extract<Effect, { type: 'work' }>['work']
  rolloutId: string
  waveId: string | null
  attempt: number
}

/**
 * One step of a wave, and of whatever it tells, inside the caller's transaction: snapshot, events, work and timers
 * are committed together or not at all.
 */
export async function tellWave(writer: Writer, waveId: string, event: WaveEvent): Promise<Told> {
  const wave = await writer.wave(waveId)
  if (!wave) return { moved: false, from: '', to: '' }
  const step = next(wave.saved, event)
  const told = { moved: step.moved, from: wave.state, to: step.state }
  if (!step.moved) return told
  const before = waveContextOf(wave.saved)
  const place = { at: event.at, rolloutId: wave.rolloutId, waveId }
  await writer.saveInstance('wave', waveId, wave.version, step.state, step.saved)
  if (step.state === 'enforcing' && wave.state !== 'enforcing' && wave.enforcingAt === null) {
    await writer.setWave(waveId, { enforcing_at: event.at })
  }
  if (step.state === 'enforcing' && !(await writer.hasTask('watch'))) {
    await queueWatch(writer, event.at)
  }
  await recordStep(
    writer,
    place,
    wave.state,
    step,
    before.holds,
    waveContextOf(step.saved).holds,
    actorOf(event),
  )
  const from = { state: wave.state, context: before }
  const to = { state: step.state, context: waveContextOf(step.saved) }
  await followApproval(writer, { rolloutId: wave.rolloutId, waveId }, from, to)
  await followWaveNotices(writer, { rolloutId: wave.rolloutId, waveId }, event, from, to)
  await carryOut(writer, step.effects, wave.rolloutId, waveId, event.at)
  return told
}

/** The next reading of the sign-in log. */
export async function queueWatch(writer: Writer, runAt: number): Promise<void> {
  await writer.enqueue({ kind: 'watch', lane: 'watch', data: {}, runAt })
}

export async function tellRollout(writer: Writer, rolloutId: string, event: RolloutEvent): Promise<Told> {
  const rollout = await writer.rollout(rolloutId)
  if (!rollout) return { moved: false, from: '', to: '' }
  const step = next(rollout.saved, event)
  const told = { moved: step.moved, from: rollout.state, to: step.state }
  if (!step.moved) return told
  const before = rolloutContextOf(rollout.saved)
  const place = { at: event.at, rolloutId, waveId: null }
  await writer.saveInstance('rollout', rolloutId, rollout.version, step.state, step.saved)
  await recordStep(
    writer,
    place,
    rollout.state,
    step,
    before.holds,
    rolloutContextOf(step.saved).holds,
    actorOf(event),
  )
  await followCampaign(writer, rollout, step.state, event.at)
  await followTokens(writer, rollout, step, event.at)
  const from = { state: rollout.state, context: before }
  const to = { state: step.state, context: rolloutContextOf(step.saved) }
  await followRolloutNotices(writer, rolloutId, event.at, from, to)
  await carryOut(writer, step.effects, rolloutId, null, event.at)
  return told
}

function actorOf(event: WaveEvent | RolloutEvent): string {
  return 'by' in event && event.by !== '' ? event.by : 'wavegate'
}

type Place = { at: number; rolloutId: string; waveId: string | null }

async function recordStep(
  writer: Writer,
  place: Place,
  from: string,
  step: Stepped,
  before: readonly Hold[],
  after: readonly Hold[],
  actor: string,
): Promise<void> {
  const subject = place.waveId === null ? 'rollout' : 'wave'
  const isSame = (one: Hold) => (other: Hold) => one.kind === other.kind && one.gate === other.gate
  for (const hold of before.filter((one) => !after.some(isSame(one)))) {
    await writer.append({ ...place, type: 'hold.lifted', actor, reason: hold.reason, data: { hold } })
  }
  if (from !== step.state) {
    await writer.append({ ...place, type: `${subject}.${step.state}`, actor, data: { from, to: step.state } })
  }
  for (const hold of after.filter((one) => !before.some(isSame(one)))) {
    await writer.append({
      ...place,
      type: 'hold.placed',
      actor: hold.by,
      reason: hold.reason,
      data: { hold },
    })
  }
  await followHolds(writer, place, before, after)
}

/** What holds, releases or ends the wave under way, the earlier ones that are at work again hear too. */
async function addressed(writer: Writer, rolloutId: string, effect: Extract<Effect, { type: 'tellWave' }>) {
  const rollout = await writer.rollout(rolloutId)
  const isForAll = ['HELD_ABOVE', 'RELEASED_ABOVE', 'ABORT'].includes(effect.event.type)
  const again = isForAll && rollout ? (rolloutContextOf(rollout.saved).again ?? []) : []
  const waves = await writer.wavesOf(rolloutId)
  const named = [effect.wave, effect.also]
  return waves.filter(({ position }) => named.includes(position) || again.includes(position))
}

async function carryOut(
  writer: Writer,
  effects: readonly Effect[],
  rolloutId: string,
  waveId: string | null,
  at: number,
): Promise<void> {
  const instance = waveId ?? rolloutId
  for (const effect of effects) {
    switch (effect.type) {
      case 'work': {
        const order: WorkOrder = { work: effect.work, rolloutId, waveId, attempt: effect.attempt }
        await writer.enqueue({ kind: 'work', lane: instance, data: order, runAt: at })
        break
      }
      case 'wake':
        await writer.setTimer(instance, effect.token, effect.at, effect.why)
        break
      case 'tellWave': {
        for (const wave of await addressed(writer, rolloutId, effect))
          await tellWave(writer, wave.id, effect.event)
        break
      }
      case 'tellRollout':
        await tellRollout(writer, rolloutId, effect.event)
        break
      default:
        effect satisfies never
    }
  }
}
