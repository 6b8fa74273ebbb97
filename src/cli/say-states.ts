import type { HoldView, RolloutView } from '../service.ts'

/** "rollout mfa-2027 is running, Paused; wave pilot is soaking, held by user" */
export function sayStates({ name, state, phase, holds, waves }: RolloutView): string {
  const live = waves.filter((wave) => wave.holds.length > 0 || !['pending', 'completed'].includes(wave.state))
  const said = live.map((wave) => `wave ${wave.name} is ${wave.state}${sayHeld(wave.holds)}`)
  return [`rollout ${name} is ${state}, ${phase}${sayHeld(holds)}`, ...said].join('; ')
}

function sayHeld(holds: readonly HoldView[]): string {
  if (holds.length === 0) return ''
  return `, held by ${holds.map(({ kind, gate }) => (gate === undefined ? kind : `${kind} (${gate})`)).join(' and ')}`
}
