import type { Clock } from '../clock/clock.ts'
import type { HoldView, RolloutView } from '../service.ts'

const HOUR = 3_600_000

/** What is in flight when a person is waited for still ends, is read back and recorded. */
const GRACE = 2 * HOUR

/** Evidence that has not come for so long is not coming by itself. */
const PATIENCE = 14 * 24 * HOUR

const LIFTED_BY_A_PERSON: readonly HoldView['kind'][] = [
  'user',
  'error',
  'empty',
  'gateFailed',
  'budgetSpent',
  'rejected',
  'waveRolledBack',
  'approvalExpired',
]

/**
 * Stops the demo's time while only a person could move the rollout on, so that a night does not become a year while
 * somebody thinks. Calls that need time to be answered get it.
 */
export function standstill(clock: Clock, onStill: () => void) {
  let cancel = () => {}
  let release = () => {}

  function stop(): void {
    release = clock.attend()
    onStill()
  }

  return {
    /** Told after every change; `isExpected`: somebody of the script is about to act. */
    look(view: RolloutView, isExpected: boolean): void {
      cancel()
      release()
      const holds = holdsOf(view)
      if (view.state !== 'running' || holds.length === 0 || isExpected) return
      const isForAPerson = holds.some((hold) => LIFTED_BY_A_PERSON.includes(hold.kind))
      const oldest = Math.min(...holds.map((hold) => Date.parse(hold.since)))
      const until = isForAPerson ? clock.now() + GRACE : oldest + PATIENCE
      cancel = clock.at(Math.max(until, clock.now()), stop)
    },
  }
}

function holdsOf(view: RolloutView): HoldView[] {
  return [...view.holds, ...view.waves.flatMap((wave) => wave.holds)]
}
