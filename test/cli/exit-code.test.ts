import { expect, test } from 'vitest'
import { exitCodeOf, exitCodeOfRefusal } from '../../src/cli/exit-code.ts'
import { hold, MOMENTS, rollout, wave } from './views.ts'

const ENDS = [
  ['a draft is fine', MOMENTS.draft, 0],
  ['a rollout that waits for an approver is fine', MOMENTS.awaitingApproval, 0],
  ['leftovers are done too', MOMENTS.leftovers, 0],
  ['completed', rollout({ state: 'completed' }), 0],
  ['held', MOMENTS.held, 3],
  ['held as a whole', rollout({ holds: [hold()] }), 3],
  [
    'a wave was taken back, the rollout not',
    rollout({ waves: [wave('pilot', { state: 'rolledBack', counts: { failed: 2 } })] }),
    3,
  ],
  ['people failed', MOMENTS.underWay, 4],
  [
    'people failed, though it completed',
    rollout({ state: 'completedWithLeftovers', waves: [wave('a', { counts: { failed: 1 } })] }),
    4,
  ],
  [
    'nobody knows of somebody',
    rollout({ waves: [wave('pilot', { state: 'enforcing', counts: { unknown: 1 } })] }),
    4,
  ],
  ['a wave could not be taken back', rollout({ waves: [wave('pilot', { state: 'rollbackFailed' })] }), 4],
  ['aborted', rollout({ state: 'aborted' }), 4],
  ['the rollout could not be taken back', rollout({ state: 'rollbackFailed' }), 4],
  ['taken back', MOMENTS.rolledBack, 5],
] as const

test.each(ENDS)('%s', (_what, view, code) => {
  expect(exitCodeOf(view ?? rollout())).toBe(code)
})

test.each([
  [409, 'verbNotPossible', 6],
  [412, 'ifMatchStale', 6],
  [428, 'ifMatchMissing', 6],
  [422, 'planInvalid', 2],
  [400, 'reasonMissing', 2],
  [504, 'timeUp', 7],
  [404, 'rolloutNotFound', 1],
  [403, 'roleTooWeak', 1],
])('refused with %i %s ends with %i', (status, code, exit) => {
  expect(exitCodeOfRefusal({ status, code })).toBe(exit)
})
