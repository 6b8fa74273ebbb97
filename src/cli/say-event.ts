import type { EventView } from '../service.ts'

/** One event as a line: when, where, what, who, why. */
export function sayEvent({ at, rollout, wave, type, actor, reason, data }: EventView): string {
  const where = wave === null ? (rollout ?? 'wavegate') : wave
  const held = (data as { hold?: { kind?: string; gate?: string } }).hold
  const what = held === undefined ? '' : ` ${held.kind}${held.gate === undefined ? '' : ` (${held.gate})`}`
  return `${at.slice(0, 19)}Z  ${where}  ${type}${what}  by ${actor}${reason === '' ? '' : `: ${reason}`}`
}
