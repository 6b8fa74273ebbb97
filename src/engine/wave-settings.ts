import type { WaveSettings } from '../../machines/language.ts'
import type { CompiledGates, CompiledPlan, CompiledWave } from '../plan/compiled-plan.ts'
import type { World } from './world.ts'

/** What the machine of a wave knows of its plan, from its first moment on. */
export function waveSettings(world: World, plan: CompiledPlan, wave: CompiledWave): WaveSettings {
  return {
    position: wave.index,
    ...approvalSettings(wave.gates.approval),
    soakMs: wave.gates.soak.forMs,
    paceMs: wave.pace.perMs,
    settlingMs: world.declared.settlingMs,
    propagationMs: world.declared.propagationMs,
    recheckMs: world.times.recheckMs,
    rollbackWindowMs: plan.rollback.windowMs,
    ...(plan.prepare === null ? {} : { prepares: true }),
  }
}

/** How many have to say yes, and within which time. */
export function approvalSettings(
  rule: CompiledGates['approval'],
): Pick<WaveSettings, 'approval' | 'quorum' | 'answerWithinMs'> {
  if (rule.from === 'none') return { approval: false }
  const { quorum, answerWithinMs } = rule
  return { approval: true, quorum, ...(answerWithinMs === null ? {} : { answerWithinMs }) }
}
