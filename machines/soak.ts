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
    return { soakedMs: healthyMs(context, at), soakingSince: null, ...wakeAt(null)(context) }
  }
  return {}
}

/** A clock that was set back counts nothing. */
function healthyMs(context: WaveContext, at: number): number {
  return context.soakedMs + Math.max(0, at - (context.soakingSince ?? at))
}

/** The wake of the soak: its end, or, when it came early, another wake for what is left. */
export function endSoak(context: WaveContext, at: number): Partial<WaveContext> {
  const soakedMs = healthyMs(context, at)
  const remaining = context.settings.soakMs - soakedMs
  if (remaining > 0) return { soakedMs, soakingSince: at, ...wakeAt(at + remaining)(context) }
  return { soakedMs, soakingSince: at, soakEndedAt: at, ...wakeAt(null)(context) }
}

/** When the completion gates may be asked first: the latest of soak end, log settling and declared propagation. */
export function earliestDecision(context: WaveContext, at: number): number {
  const { settlingMs, propagationMs } = context.settings
  const soakEnd = context.soakEndedAt ?? at
  const inPlace = context.inPlaceAt ?? soakEnd
  return Math.max(soakEnd, inPlace + settlingMs, inPlace + propagationMs)
}
