import type { WaveContext, WaveEvent } from '../../machines/language.ts'
import { PER_USER_DEMAND } from '../gates/sign-in.ts'
import { GraphFailure } from '../graph/errors.ts'
import type { Finding } from '../methods/policy-switch.ts'
import type { CompiledPlan, CompiledWave } from '../plan/compiled-plan.ts'
import { plannedWave } from '../plan/planned-wave.ts'
import type { StoredRollout, StoredWave } from '../store/rollouts.ts'
import type { Writer } from '../store/store.ts'
import { type Door, idsOf } from './doors.ts'
import { planOf } from './plan-of.ts'
import { waveContextOf } from './step.ts'
import { tellWave, type WorkOrder } from './tell.ts'
import type { World } from './world.ts'

export { planOf } from './plan-of.ts'

/** One piece of a wave's work, with what it needs to know. */
export interface WaveJob {
  attempt: number
  rollout: StoredRollout
  plan: CompiledPlan
  wave: StoredWave
  planned: CompiledWave
  context: WaveContext
}

/** Somebody moved the machine on meanwhile: this job's answer counts no more; what it sent is recorded. */
export class Superseded extends Error {
  override readonly name = 'Superseded'
}

/** The tenant or the plan is not as it must be; a person has to see to it. */
export class Refused extends Error {
  override readonly name = 'Refused'
  readonly findings: readonly Finding[]
  constructor(findings: readonly Finding[]) {
    super(findings.map((one) => `${one.message} ${one.hint}`).join(' '))
    this.findings = findings
  }
}

export function refuse(findings: readonly Finding[]): void {
  if (findings.length > 0) throw new Refused(findings)
}

/** Through which group and policy the people of a wave enter. */
export function doorOf(planned: Pick<CompiledWave, 'members'>): Door['for'] {
  return planned.members.kind === 'administrators' ? 'administrators' : 'people'
}

/** The waves, by id, whose people enter by the administrators' own group. */
export function wavesOfAdministrators(rollout: StoredRollout, waves: readonly StoredWave[]): Set<string> {
  const plan = planOf(rollout)
  const theirs = waves.filter(({ position }) => {
    const planned = plannedWave(plan, position)
    return planned !== undefined && doorOf(planned) === 'administrators'
  })
  return new Set(theirs.map((wave) => wave.id))
}

/** By which id a sign-in names the demand that a rollout makes of a wave's people; null: it makes none yet. */
export function demandOf(rollout: StoredRollout, planned: Pick<CompiledWave, 'members'>): string | null {
  if (planOf(rollout).enforce.by === 'per-user-mfa') return PER_USER_DEMAND
  return idsOf(rollout, doorOf(planned)).policyId
}

/** undefined: the order is of an attempt that is no longer open. */
export async function waveJob(world: World, order: WorkOrder): Promise<WaveJob | undefined> {
  const job = await jobOf(world, order)
  const asked = job?.context.asked
  return asked?.stands === 'open' && asked.attempt === order.attempt ? job : undefined
}

/** Whatever became of the attempt. */
export async function jobOf(world: World, order: WorkOrder): Promise<WaveJob | undefined> {
  const wave = order.waveId === null ? undefined : await world.store.read.wave(order.waveId)
  const rollout = await world.store.read.rollout(order.rolloutId)
  if (!wave || !rollout) return undefined
  const context = waveContextOf(wave.saved)
  const plan = planOf(rollout)
  const planned = plannedWave(plan, wave.position)
  return planned && { attempt: order.attempt, rollout, plan, wave, planned, context }
}

/** Writes what the job found and tells the wave, in one transaction. @throws Superseded */
export async function finish(
  world: World,
  job: WaveJob,
  event: WaveEvent,
  write: (writer: Writer) => Promise<void> = async () => {},
): Promise<void> {
  await world.store.tx(async (writer) => {
    await write(writer)
    const told = await tellWave(writer, job.wave.id, event)
    if (!told.moved) throw new Superseded(`the wave does not wait for attempt ${job.attempt} any more`)
  })
}

export interface JobFailure {
  code: string
  message: string
  /** Likely to pass by itself. */
  passing: boolean
}

export function jobFailure(error: unknown): JobFailure {
  if (error instanceof Refused) {
    return { code: error.findings[0]?.code ?? 'refused', message: error.message, passing: false }
  }
  if (error instanceof GraphFailure) {
    const permission = error.permission ? ` It needs the application permission ${error.permission}.` : ''
    return { code: `graph.${error.kind}`, message: `${error.message}${permission}`, passing: passes(error) }
  }
  return { code: 'internal', message: error instanceof Error ? error.message : String(error), passing: true }
}

function passes(error: GraphFailure): boolean {
  switch (error.kind) {
    case 'throttled':
    case 'unavailable':
    case 'unknownEffect':
    case 'unreadable':
      return true
    case 'unauthenticated':
    case 'forbidden':
    case 'licence':
    case 'notFound':
    case 'alreadyExists':
    case 'notMember':
    case 'badRequest':
    case 'conflict':
      return false
    default:
      return error.kind satisfies never
  }
}
