import { expect, test } from 'vitest'
import { changeSteps, driftSteps } from '../../src/service/why-member.ts'
import type { Drift } from '../../src/store/drift.ts'
import type { Member } from '../../src/store/members.ts'

const AT = Date.parse('2026-12-01T08:00:00Z')
const MEMBER = {
  deferred: null,
  outcome: 'done',
  outcomeReason: null,
  requestedAt: AT,
  inPlaceAt: AT + 60_000,
  provenAt: null,
  lockedOutAt: null,
  lockedOutNow: false,
  restore: null,
  restoreReason: null,
  restoredAt: null,
  parkedAt: null,
  notBefore: null,
} as Member
const DRIFT = {
  object: 'group',
  property: 'members.removed',
  personId: 'ann',
  before: { upn: 'ann@contoso.com' },
  after: {},
  says: '',
  barred: null,
  foundAt: AT,
  settledHow: null,
  settledBy: null,
} as unknown as Drift

test('asked for, in place, locked out and taken back are said apart, each with its time', () => {
  const parts = {
    lockedOutAt: AT,
    lockedOutNow: true,
    restore: 'restored',
    restoredAt: AT,
    deferred: 'rolledBack',
  }
  const steps = changeSteps({ ...MEMBER, ...parts } as Member)
  expect(steps.map(({ says, at }) => `${says} ${at}`)).toEqual([
    'Left for later: was taken back, until somebody says release. null',
    'The change was asked for. 2026-12-01T08:00:00.000Z',
    'Outcome: done. 2026-12-01T08:01:00.000Z',
    'Was locked out by it, and is so now. 2026-12-01T08:00:00.000Z',
    'Taken back: restored. 2026-12-01T08:00:00.000Z',
  ])
  expect(changeSteps(MEMBER)).toHaveLength(2)
})

test('what another hand did to this very person is said, and nothing of anybody else', () => {
  const settled = { ...DRIFT, settledHow: 'reverted', settledBy: 'ona@contoso.com' } as Drift
  const other = { ...DRIFT, personId: 'ben' }
  expect(driftSteps([DRIFT, other, settled], 'ann').map(({ says }) => says)).toEqual([
    '1 person was taken out of the group by another hand: ann@contoso.com: not settled yet.',
    '1 person was taken out of the group by another hand: ann@contoso.com: reverted by ona@contoso.com.',
  ])
})
