import { expect, test } from 'vitest'
import type { MethodsPolicy } from '../../src/graph/directory/methods-policy.ts'
import { allows, groupsOf, isForNobody, phoneAllowance } from '../../src/prepare/phone-policy.ts'

type Target = { id: string; targetType: 'group'; isUsableForSignIn: boolean | null }
const target = (id: string, isUsableForSignIn: boolean | null = null): Target => ({
  ...{ id, targetType: 'group', isUsableForSignIn },
})

function policy(
  methods: { id: string; on?: boolean; to?: Target[] | null; but?: string[]; office?: boolean }[],
  migration: string | null = 'migrationComplete',
): MethodsPolicy {
  return {
    migration,
    methods: methods.map(({ id, on = true, to = [target('all_users')], but = [], office = false }) => ({
      ...{ id, state: on ? 'enabled' : 'disabled', includeTargets: to },
      ...{ excludeTargets: but.map((one) => target(one)), isOfficePhoneAllowed: office },
    })),
  }
}
const inGroups =
  (...groups: string[]) =>
  (group: string) =>
    groups.includes(group)

test('text messages or calls are enough for a mobile; an office phone takes calls that are allowed to offices', () => {
  const sms = phoneAllowance(policy([{ id: 'Sms' }, { id: 'Voice', on: false }]), 'mobile')
  expect([allows(sms, inGroups()), isForNobody(sms)]).toEqual(['yes', false])
  const office = (isAllowed: boolean) =>
    phoneAllowance(policy([{ id: 'voice', office: isAllowed }]), 'office')
  expect(allows(office(true), inGroups())).toBe('yes')
  expect([allows(office(false), inGroups()), isForNobody(office(false))]).toEqual(['no', true])
})

test('nobody is allowed where both are off, or Graph does not name the targets', () => {
  for (const methods of [[], [{ id: 'Sms', on: false }], [{ id: 'Sms', to: null }]]) {
    const allowance = phoneAllowance(policy(methods), 'mobile')
    expect([allows(allowance, inGroups()), isForNobody(allowance)]).toEqual(['no', true])
  }
})

test('a group that is left out of one method may use the other', () => {
  const both = phoneAllowance(
    policy([
      { id: 'Sms', but: ['drivers'] },
      { id: 'Voice', to: [target('drivers'), target('sales')] },
    ]),
    'mobile',
  )
  expect(groupsOf(both).toSorted()).toEqual(['drivers', 'sales'])
  expect(allows(both, inGroups('drivers'))).toBe('yes')
  const smsAlone = phoneAllowance(policy([{ id: 'Sms', but: ['drivers'] }]), 'mobile')
  expect(allows(smsAlone, inGroups('drivers'))).toBe('no')
  expect(allows(smsAlone, inGroups())).toBe('yes')
})

test('as long as an older policy is in force, what this one does not allow is not known', () => {
  for (const migration of ['preMigration', 'migrationInProgress', null]) {
    const allowance = phoneAllowance(policy([{ id: 'Sms', on: false }], migration), 'mobile')
    expect([allows(allowance, inGroups()), isForNobody(allowance)]).toEqual(['unclear', false])
  }
})

test('signing in by text message is said, since people who share a number collide', () => {
  const usable = policy([{ id: 'Sms', to: [target('all_users', true)] }])
  expect(phoneAllowance(usable, 'mobile').isUsableForSignIn).toBe(true)
  expect(phoneAllowance(usable, 'office').isUsableForSignIn).toBe(false)
})
