import type { CompiledPlan } from '../plan/compiled-plan.ts'
import type { Preparation } from '../prepare/preparation.ts'
import type { StoredRollout } from '../store/rollouts.ts'
import type { WaveJob } from './job.ts'
import { noticesBeforeWave } from './notices-before-wave.ts'
import { preparePhones } from './prepare-phones.ts'
import { prepareTokens } from './prepare-tokens.ts'
import type { World } from './world.ts'

/** Of this plan; undefined: it has none of it. */
export type Prepares = (world: World, rollout: StoredRollout, plan: CompiledPlan) => Preparation | undefined

/** What something that goes before a wave answers. */
export interface BeforeWave {
  /** What it has still to do before the wave goes on; it is asked again until there is nothing. */
  left: number
  /** When to ask again; absent: at once. */
  nextAt?: number | undefined
  /** The wave changes nobody before; absent: the first of its people whose time has come opens it. */
  notBefore?: number | undefined
  /** Nobody of these is changed before their own moment. */
  people?: ReadonlyMap<string, number> | undefined
}

/** Runs at the end of `prepare`, again until nothing is left of it; undefined: nothing of this plan. */
export type RunsBeforeWave = (
  world: World,
  job: WaveJob,
  signal: AbortSignal,
) => Promise<BeforeWave | undefined>

/** What can be done before the switch. */
export interface KindsOfPreparation {
  people: readonly Prepares[]
  beforeWave: readonly RunsBeforeWave[]
}

/** One line each: phones, tokens; notices, the campaign. */
export const PREPARATIONS: KindsOfPreparation = {
  people: [preparePhones, prepareTokens],
  beforeWave: [noticesBeforeWave],
}

/** What is done to people before the switch by this plan, in order; undone in the order turned round. */
export function preparationsOf(
  world: World,
  rollout: StoredRollout,
  plan: CompiledPlan,
): readonly Preparation[] {
  if (plan.prepare === null) return []
  return world.preparations.people.flatMap((prepares) => prepares(world, rollout, plan) ?? [])
}
