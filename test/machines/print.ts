import type { Effect, RolloutEvent, WaveEvent } from '../../machines/language.ts'
import { HOUR, MINUTE, type RolloutWalk, type WaveWalk } from './walk.ts'

/** One line a step, so that a changed transition is read like changed code. */
export function line(label: string, walk: WaveWalk | RolloutWalk): string {
  const effects = walk.effects.map((effect) => said(effect, walk.at))
  return `  ${label.padEnd(34)} ${standing(walk).padEnd(44)} ${effects.join('; ')}`.trimEnd()
}

/** What a state does not know, by name. */
export function unmoved(labels: string[]): string {
  return labels.length > 0 ? `  – ${labels.join(' · ')}` : ''
}

export function standing(walk: WaveWalk | RolloutWalk): string {
  const holds = walk.context.holds.map((hold) => (hold.gate ? `${hold.kind}(${hold.gate})` : hold.kind))
  if ('heldAbove' in walk.context && walk.context.heldAbove) holds.push('above')
  return holds.length > 0 ? `${walk.state} [${holds.join(' ')}]` : walk.state
}

function said(effect: Effect, at: number): string {
  switch (effect.type) {
    case 'work':
      return `work ${effect.work} #${effect.attempt}`
    case 'wake':
      return effect.at === null ? 'no wake' : `wake ${span(effect.at - at)} (${effect.why})`
    case 'tellWave':
      return `wave ${[effect.wave, ...(effect.also === undefined ? [] : [effect.also])].join(' and ')}: ${told(effect.event)}`
    case 'tellRollout':
      return `rollout: ${told(effect.event)}`
    default:
      return effect satisfies never
  }
}

function told(event: WaveEvent | RolloutEvent): string {
  const clean = 'clean' in event ? ` ${event.clean ? 'clean' : 'unclean'}` : ''
  const leftovers = 'leftovers' in event ? ` leftovers ${event.leftovers}` : ''
  const ahead = 'ahead' in event && event.ahead === true ? ' ahead' : ''
  const more = 'withPreparation' in event && event.withPreparation ? ' with preparation' : ''
  return `${event.type}${ahead}${clean}${leftovers}${more}`
}

function span(ms: number): string {
  if (ms === 0) return 'now'
  return ms % HOUR === 0 ? `+${ms / HOUR} h` : `+${Math.round(ms / MINUTE)} min`
}
