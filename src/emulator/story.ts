import { applyChange, type Change } from './directory/change.ts'
import type { ChangeContext } from './directory/change-context.ts'
import { BLOCKING } from './directory/first-policies.ts'
import type { LifeTime } from './life-time.ts'
import { guid } from './random.ts'
import type { Scenario } from './scenario.ts'
import { attack } from './sign-ins/attackers.ts'
import type { SignInLog } from './sign-ins/sign-in-log.ts'

const HOUR = 3_600_000
const DAY = 24 * HOUR

export interface StoryOptions {
  scenario: Scenario
  context: ChangeContext
  time: LifeTime
  log: SignInLog
  /** When the tenant was switched on. */
  epoch: number
}

/** What happens in a scenario by itself while the tenant lives. */
export function tell({ scenario, context, time, log, epoch }: StoryOptions): void {
  const { seed, directory } = context
  const today = Math.floor(time.toLife(epoch) / DAY) * DAY
  const later = context.later
  if (scenario === 'password-spray') attack({ seed, directory, time, log, later }, today + DAY + 4 * HOUR)
  if (scenario === 'other-policy') {
    const policy = guid(seed, `policy/${BLOCKING}`)
    const turn = (state: 'enabled' | 'disabled', life: number) =>
      later(time.toClock(life), (at) => {
        const change: Change = { kind: 'patchPolicy', policy, body: { state } }
        const hand = {
          actor: 'other',
          requestId: guid(seed, `story/${state}`),
          method: 'PORTAL',
          path: '/patchPolicy',
        }
        applyChange(context, change, hand, at)
      })
    turn('enabled', today + 3 * DAY + 9 * HOUR)
    turn('disabled', today + 7 * DAY + 9 * HOUR)
  }
}
