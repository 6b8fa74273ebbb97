import type { WaveContext } from './language.ts'
import { wakeAt } from './work.ts'

export function isFree(context: Pick<WaveContext, 'holds' | 'heldAbove'>): boolean {
  return context.holds.length === 0 && !context.heldAbove
}

/** Soak counts healthy time only: it stops with the first hold and goes on when the last one is gone. */
export function settleSoak(context: WaveContext, at: number): Partial<WaveContext> {
  if (!context.inSoak) return {}
  const running = context.soakingSince !== null
  if (isFree(context) && !running) {
    const remaining = Math.max(0, context.settings.soakMs - context.soakedMs)
    return { soakingSince: at, ...wakeAt(at + remaining)(context) }
  }
  if (!isFree(context) && running) {
    const soakedMs = context.soakedMs + (at - (context.soakingSince ?? at))
    return { soakedMs, soakingSince: null, ...wakeAt(null)(context) }
  }
  return {}
}

/** When the completion gates may be asked first: the latest of soak end, log settling and declared propagation. */
export function earliestDecision(context: WaveContext, at: number): number {
  const { settlingMs, propagationMs } = context.settings
  const inPlace = context.inPlaceAt ?? at
  return Math.max(context.soakEndedAt ?? at, inPlace + settlingMs, inPlace + propagationMs)
}
