import type { Clock } from '../clock/clock.ts'
import type { EventView } from '../service.ts'
import type { Caller } from './caller.ts'

const MINUTE = 60_000

export interface Cast {
  approver: Caller
  onCall: Caller
}

export interface Plays {
  /** The on-call takes back the wave whose budget is spent, and then everything. Otherwise that is left to whoever looks on. */
  onCall: boolean
}

export interface Script {
  see(event: EventView): void
  /** Somebody is about to act. */
  isExpected(): boolean
}

/** What the people of the demo do when they see an event: the same as their colleagues would, some minutes later. */
export function playScript(
  clock: Clock,
  cast: Cast,
  plays: Plays,
  onTrouble: (error: unknown) => void,
): Script {
  let expected = 0
  function later(minutes: number, act: () => Promise<unknown>): void {
    expected++
    clock.at(clock.now() + minutes * MINUTE, () => {
      expected--
      act().catch(onTrouble)
    })
  }
  function see(event: EventView): void {
    const { type, rollout, wave, data } = event
    if (rollout === null) return
    if (type === 'wave.awaitingApproval' && wave !== null) {
      later(20, () => cast.approver.act('approve', rollout, wave, 'readiness and cohort looked at'))
    }
    if (!plays.onCall) return
    const hold = data['hold'] as { kind?: string } | undefined
    if (type === 'hold.placed' && hold?.kind === 'budgetSpent' && wave !== null) {
      later(10, () =>
        cast.onCall.act('rollback', rollout, wave, 'more people locked out than the budget allows'),
      )
    }
    if (type === 'hold.placed' && hold?.kind === 'waveRolledBack') {
      later(30, async () => {
        const view = await cast.onCall.show(rollout)
        if (view.state !== 'running') return
        await cast.onCall.act(
          'rollback',
          rollout,
          undefined,
          'the numbers in the directory are wrong; back to the start',
        )
      })
    }
  }
  return { see, isExpected: () => expected > 0 }
}
