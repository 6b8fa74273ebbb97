import type { Clock } from '../clock/clock.ts'
import type { EventView } from '../service.ts'
import type { Caller } from './caller.ts'

const MINUTE = 60_000

export interface Cast {
  approver: Caller
  onCall: Caller
}

/** What the people of the demo do when they see an event: the same as their colleagues would, some minutes later. */
export function playScript(clock: Clock, cast: Cast, onTrouble: (error: unknown) => void): (event: EventView) => void {
  function later(minutes: number, act: () => Promise<unknown>): void {
    clock.at(clock.now() + minutes * MINUTE, () => {
      act().catch(onTrouble)
    })
  }
  return (event) => {
    const { type, rollout, wave, data } = event
    if (rollout === null) return
    if (type === 'wave.awaitingApproval' && wave !== null) {
      later(20, () => cast.approver.act('approve', rollout, wave, 'readiness and cohort looked at'))
    }
    const hold = data['hold'] as { kind?: string } | undefined
    if (type === 'hold.placed' && hold?.kind === 'budgetSpent' && wave !== null) {
      later(10, () => cast.onCall.act('rollback', rollout, wave, 'more people locked out than the budget allows'))
    }
    if (type === 'hold.placed' && hold?.kind === 'waveRolledBack') {
      later(30, async () => {
        const view = await cast.onCall.show(rollout)
        if (view.state !== 'running') return
        await cast.onCall.act('rollback', rollout, undefined, 'the numbers in the directory are wrong; back to the start')
      })
    }
  }
}
