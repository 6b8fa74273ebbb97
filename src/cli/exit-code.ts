import type { RolloutView } from '../service.ts'

/** What a command that shows a rollout ends with; 1, 2, 6 and 7 are errors of the command itself. */
export const EXIT = {
  done: 0,
  error: 1,
  usage: 2,
  held: 3,
  degraded: 4,
  rolledBack: 5,
  conflict: 6,
  timeUp: 7,
} as const

/** How a rollout stands, for scripts. Leftovers are done; the people who failed are not. */
export function exitCodeOf(view: RolloutView): number {
  if (view.state === 'rolledBack') return EXIT.rolledBack
  if (view.state === 'rollbackFailed' || view.state === 'aborted') return EXIT.degraded
  if (view.waves.some(isDegraded)) return EXIT.degraded
  const isHeld =
    view.holds.length > 0 || view.waves.some(({ holds, state }) => holds.length > 0 || state === 'rolledBack')
  return isHeld ? EXIT.held : EXIT.done
}

/** People of a wave that was taken back are no longer asked about. */
function isDegraded({ state, counts }: RolloutView['waves'][number]): boolean {
  if (state === 'rollbackFailed') return true
  return state !== 'rolledBack' && counts.failed + counts.unknown > 0
}

/** What a command ends with that the API refused. */
export function exitCodeOfRefusal({ status, code }: { status: number; code: string }): number {
  if (code === 'timeUp') return EXIT.timeUp
  if (code === 'planInvalid' || code === 'planTooLarge' || status === 400) return EXIT.usage
  return [409, 412, 428].includes(status) ? EXIT.conflict : EXIT.error
}
