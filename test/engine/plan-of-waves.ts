import type { PlanInput } from '../../src/plan/schema.ts'

export const GROUP = 'MFA required'
export const POLICY = 'Require MFA (wavegate)'
export const TEST_USER = 'test.user@contoso.com'

type Waves = PlanInput['waves']

export const TEST_WAVE: Waves[number] = { name: 'test-user', members: { users: [TEST_USER] } }
export const PILOT: Waves[number] = { name: 'pilot', members: { group: 'IT department' } }
export const REST: Waves[number] = { name: 'everyone', members: 'rest' }

/** A plan as a change manager sends it (JSON is YAML): no approvals and short soaks, unless the test says otherwise. */
export function planText(change: Partial<PlanInput> = {}): string {
  const plan: PlanInput = {
    version: 1,
    name: 'mfa-test',
    change: 'CHG0012345',
    timezone: 'Europe/Copenhagen',
    enforce: { by: 'conditional-access', group: GROUP, policy: POLICY },
    protect: {
      emergencyAccounts: ['bg1@contoso.onmicrosoft.com', 'bg2@contoso.onmicrosoft.com'],
      groups: ['Service accounts'],
    },
    pace: { people: 200, per: '1h' },
    gates: gates(),
    rollback: { window: '30d' },
    waves: [TEST_WAVE, PILOT],
    ...change,
  }
  return JSON.stringify(plan)
}

export function gates(change: PlanInput['gates'] = {}): PlanInput['gates'] {
  return {
    readiness: { unready: 'defer', deferAtMost: '80%' },
    approval: { from: 'none', reason: 'this test is about something else' },
    soak: { for: '1h' },
    budget: {
      lockedOut: { max: '50%', onSpent: 'hold' },
      failedChanges: { max: '50%', onSpent: 'hold' },
    },
    ...change,
  }
}
