import { expect, test } from 'vitest'
import { stringify } from 'yaml'
import { compilePlan } from '../../src/plan/compile.ts'
import { compiledPlanSchema } from '../../src/plan/compiled-plan.ts'
import { planJsonSchema } from '../../src/plan/json-schema.ts'
import { loadPlan } from '../../src/plan/load.ts'
import type { PlanInput } from '../../src/plan/schema.ts'
import { ATTRIBUTES } from '../../src/plan/schema-members.ts'
import { leavesOf } from './schema-leaves.ts'

const defer = { unready: 'defer', deferAtMost: '40%' } as const

function basePlan(): PlanInput {
  return {
    version: 1,
    name: 'base',
    timezone: 'Europe/Copenhagen',
    enforce: { by: 'conditional-access', group: 'MFA', policy: 'Require MFA' },
    protect: { emergencyAccounts: ['bg1@c.com', 'bg2@c.com'] },
    waves: [
      { name: 'test-user', members: { users: ['t@c.com'] } },
      { name: 'pilot', members: { group: 'IT' } },
      { name: 'tenth', members: { share: '10%' } },
      { name: 'everyone', members: 'rest' },
    ],
  }
}

function administrators(plan: PlanInput, own: PlanInput['enforce']['administrators']): void {
  plan.enforce.administrators = own
  if (!plan.waves.some((wave) => wave.members === 'administrators'))
    plan.waves.push({ name: 'administrators', members: 'administrators' })
}

type Notices = NonNullable<NonNullable<PlanInput['prepare']>['notices']>

/** A change of a key of `prepare.notices`. */
function notices(change: (notices: Notices) => void) {
  return {
    before: (plan: PlanInput) => {
      plan.prepare = { notices: { sender: 'it@c.com', before: ['14d', '1d'], contact: '4545' } }
    },
    change: (plan: PlanInput) => {
      if (plan.prepare?.notices) change(plan.prepare.notices)
    },
  }
}

/** One change of each key; where a key needs company, `before` sets the company. */
const CHANGES: Record<string, { before?: (plan: PlanInput) => void; change: (plan: PlanInput) => void }> = {
  name: { change: (p) => (p.name = 'other') },
  change: { change: (p) => (p.change = 'CHG1') },
  timezone: { change: (p) => (p.timezone = 'Europe/Paris') },
  'enforce.by': { change: (p) => (p.enforce = { by: 'per-user-mfa' }) },
  'enforce.group': { change: (p) => (p.enforce.group = 'Other') },
  'enforce.policy': { change: (p) => (p.enforce.policy = 'Other') },
  'enforce.exceptions': {
    before: (p) => (p.graduate = 'all-users'),
    change: (p) => (p.enforce.exceptions = 'MFA exceptions'),
  },
  'enforce.strength': { change: (p) => (p.enforce.strength = 'passwordless') },
  'enforce.when': { change: (p) => (p.enforce.when = 'risk') },
  'enforce.trustedLocations': { change: (p) => (p.enforce.trustedLocations = ['HQ']) },
  'enforce.trustedLocations[].name': {
    before: (p) => (p.enforce.trustedLocations = [{ name: 'HQ', ranges: ['203.0.113.0/24'] }]),
    change: (p) => (p.enforce.trustedLocations = [{ name: 'Lab', ranges: ['203.0.113.0/24'] }]),
  },
  'enforce.trustedLocations[].ranges': {
    before: (p) => (p.enforce.trustedLocations = [{ name: 'HQ', ranges: ['203.0.113.0/24'] }]),
    change: (p) => (p.enforce.trustedLocations = [{ name: 'HQ', ranges: ['198.51.100.0/24'] }]),
  },
  'enforce.administrators.group': {
    before: (p) => administrators(p, { group: 'Admins', policy: 'Admin policy' }),
    change: (p) => administrators(p, { group: 'Other admins', policy: 'Admin policy' }),
  },
  'enforce.administrators.policy': {
    before: (p) => administrators(p, { group: 'Admins', policy: 'Admin policy' }),
    change: (p) => administrators(p, { group: 'Admins', policy: 'Other policy' }),
  },
  'enforce.revokeSessions': { change: (p) => (p.enforce.revokeSessions = true) },
  'enforce.retirePerUserMfa': { change: (p) => (p.enforce.retirePerUserMfa = true) },
  'protect.emergencyAccounts': { change: (p) => p.protect.emergencyAccounts.push('bg3@c.com') },
  'protect.emergencySignIn': { change: (p) => (p.protect.emergencySignIn = '30d') },
  'protect.groups': { change: (p) => (p.protect.groups = ['Robots']) },
  'prepare.notices.sender': notices((one) => (one.sender = 'other@c.com')),
  'prepare.notices.before': notices((one) => (one.before = ['7d', '1d'])),
  'prepare.notices.on': notices((one) => (one.on = true)),
  'prepare.notices.after': notices((one) => (one.after = ['1d'])),
  'prepare.notices.templates': notices((one) => (one.templates = ['mail.en.md'])),
  'prepare.notices.language': notices((one) => (one.language = 'de')),
  'prepare.notices.contact': notices((one) => (one.contact = '4546')),
  'prepare.notices.unreachable': notices((one) => (one.unreachable = 'enforce')),
  'pace.people': { change: (p) => (p.pace = { people: 7 }) },
  'pace.per': { change: (p) => (p.pace = { per: '2h' }) },
  'gates.readiness.unready': { change: (p) => (p.gates = { readiness: defer }) },
  'gates.readiness.min': { change: (p) => (p.gates = { readiness: { min: '90%' } }) },
  'gates.readiness.deferAtMost': {
    before: (p) => (p.gates = { readiness: defer }),
    change: (p) => (p.gates = { readiness: { ...defer, deferAtMost: '30%' } }),
  },
  'gates.wouldBlock.max': { change: (p) => (p.gates = { wouldBlock: { max: '2%' } }) },
  'gates.approval.from': { change: (p) => (p.gates = { approval: { from: 'none', reason: 'drill' } }) },
  'gates.approval.reason': {
    before: (p) => (p.gates = { approval: { from: 'none', reason: 'drill' } }),
    change: (p) => (p.gates = { approval: { from: 'none', reason: 'lab' } }),
  },
  'gates.approval.quorum': { change: (p) => (p.gates = { approval: { from: 'approver', quorum: 2 } }) },
  'gates.approval.answerWithin': {
    change: (p) => (p.gates = { approval: { from: 'approver', answerWithin: '1d' } }),
  },
  'gates.soak.for': { change: (p) => (p.gates = { soak: { for: '2d' } }) },
  'gates.budget.lockedOut.max': { change: (p) => (p.gates = { budget: { lockedOut: { max: '3%' } } }) },
  'gates.budget.failedChanges.max': {
    change: (p) => (p.gates = { budget: { failedChanges: { max: '3%' } } }),
  },
  'prepare.phones.from': {
    before: (p) => (p.prepare = { phones: { from: 'directory' } }),
    change: (p) => (p.prepare = { phones: { from: 'numbers.csv' } }),
  },
  'prepare.phones.region': {
    before: (p) => (p.prepare = { phones: { from: 'directory' } }),
    change: (p) => (p.prepare = { phones: { from: 'directory', region: 'DK' } }),
  },
  'prepare.phones.onDifferent': {
    before: (p) => (p.prepare = { phones: { from: 'directory' } }),
    change: (p) => (p.prepare = { phones: { from: 'directory', onDifferent: 'replace' } }),
  },
  'prepare.campaign.method': {
    before: (p) => (p.prepare = { campaign: { method: 'passkey', group: 'Pilot' } }),
    change: (p) => (p.prepare = { campaign: { method: 'microsoftAuthenticator', group: 'Pilot' } }),
  },
  'prepare.campaign.group': {
    before: (p) => (p.prepare = { campaign: { method: 'passkey', group: 'Pilot' } }),
    change: (p) => (p.prepare = { campaign: { method: 'passkey', group: 'all_users' } }),
  },
  'prepare.campaign.snooze': {
    before: (p) => (p.prepare = { campaign: { method: 'passkey', group: 'Pilot' } }),
    change: (p) => (p.prepare = { campaign: { method: 'passkey', group: 'Pilot', snooze: '3d' } }),
  },
  'prepare.campaign.requireAfterSnoozes': {
    before: (p) => (p.prepare = { campaign: { method: 'passkey', group: 'Pilot' } }),
    change: (p) =>
      (p.prepare = { campaign: { method: 'passkey', group: 'Pilot', requireAfterSnoozes: false } }),
  },
  'prepare.phones.type': {
    before: (p) => (p.prepare = { phones: { from: 'directory' } }),
    change: (p) => (p.prepare = { phones: { from: 'directory', type: 'office' } }),
  },
  'prepare.tokens.from': {
    before: (p) => (p.prepare = { tokens: { from: 'tokens.csv' } }),
    change: (p) => (p.prepare = { tokens: { from: 'others.csv' } }),
  },
  'holds.remindAt': { change: (p) => (p.holds = { remindAt: ['25%'] }) },
  'holds.expireAfter': { change: (p) => (p.holds = { expireAfter: '2d' }) },
  'holds.onExpire': { change: (p) => (p.holds = { onExpire: 'note' }) },
  'tenant.newJoiners': { change: (p) => (p.tenant = { newJoiners: 'none' }) },
  'tenant.telephonyProvider': { change: (p) => (p.tenant = { telephonyProvider: true }) },
  'away.after': { change: (p) => (p.away = { after: '60d' }) },
  'catchUp.name': {
    before: (p) => (p.catchUp = { name: 'late' }),
    change: (p) => (p.catchUp = { name: 'later' }),
  },
  'catchUp.every': {
    before: (p) => (p.catchUp = { name: 'late' }),
    change: (p) => (p.catchUp = { name: 'late', every: '1d' }),
  },
  'rollback.window': { change: (p) => (p.rollback = { window: '7d' }) },
  'waves[].name': { change: (p) => (p.waves[1]!.name = 'other') },
  'waves[].members': { change: (p) => (p.waves[3]!.members = { share: '100%' }) },
  'waves[].members.users': { change: (p) => (p.waves[0]!.members = { users: ['u@c.com'] }) },
  'waves[].members.csv': { change: (p) => (p.waves[1]!.members = { csv: 'people.csv' }) },
  'waves[].members.group': { change: (p) => (p.waves[1]!.members = { group: 'HR' }) },
  'waves[].members.rest': {
    before: (p) => (p.waves[3]!.members = { rest: true, maxPerDepartment: '30%' }),
    change: (p) => (p.waves[3]!.members = { share: '100%', maxPerDepartment: '30%' }),
  },
  ...Object.fromEntries(
    ATTRIBUTES.map((attribute) => [
      `waves[].members.filter.${attribute}`,
      { change: (p: PlanInput) => (p.waves[1]!.members = { filter: { [attribute]: 'Member' } }) },
    ]),
  ),
  'waves[].members.max': { change: (p) => (p.waves[1]!.members = { group: 'IT', max: 20 }) },
  'waves[].members.spread': {
    before: (p) => (p.waves[1]!.members = { group: 'IT', max: 20 }),
    change: (p) => (p.waves[1]!.members = { group: 'IT', max: 20, spread: 'department' }),
  },
  'waves[].members.maxPerDepartment': {
    change: (p) => (p.waves[2]!.members = { share: '10%', maxPerDepartment: '30%' }),
  },
  'waves[].members.managerApart': {
    change: (p) => (p.waves[2]!.members = { share: '10%', managerApart: true }),
  },
  'waves[].members.share': { change: (p) => (p.waves[2]!.members = { share: '20%' }) },
  'waves[].gates.readiness.unready': { change: (p) => (p.waves[1]!.gates = { readiness: defer }) },
  'waves[].gates.readiness.min': { change: (p) => (p.waves[1]!.gates = { readiness: { min: '80%' } }) },
  'waves[].gates.readiness.deferAtMost': {
    before: (p) => (p.waves[1]!.gates = { readiness: defer }),
    change: (p) => (p.waves[1]!.gates = { readiness: { ...defer, deferAtMost: '30%' } }),
  },
  'waves[].gates.wouldBlock.max': {
    before: (p) => (p.gates = { wouldBlock: { max: '2%' } }),
    change: (p) => (p.waves[1]!.gates = { wouldBlock: { max: '5%' } }),
  },
  'waves[].gates.approval.from': {
    change: (p) => (p.waves[1]!.gates = { approval: { from: 'none', reason: 'drill' } }),
  },
  'waves[].gates.approval.reason': {
    before: (p) => (p.waves[1]!.gates = { approval: { from: 'none', reason: 'drill' } }),
    change: (p) => (p.waves[1]!.gates = { approval: { from: 'none', reason: 'lab' } }),
  },
  'waves[].gates.approval.quorum': {
    change: (p) => (p.waves[1]!.gates = { approval: { from: 'approver', quorum: 2 } }),
  },
  'waves[].gates.approval.answerWithin': {
    change: (p) => (p.waves[1]!.gates = { approval: { from: 'approver', answerWithin: '1d' } }),
  },
  'waves[].gates.soak.for': { change: (p) => (p.waves[0]!.gates = { soak: { for: '2d' } }) },
  'waves[].gates.budget.lockedOut.max': {
    change: (p) => (p.waves[1]!.gates = { budget: { lockedOut: { max: '5%' } } }),
  },
  'waves[].gates.budget.failedChanges.max': {
    change: (p) => (p.waves[1]!.gates = { budget: { failedChanges: { max: '5%' } } }),
  },
  'waves[].pace.people': { change: (p) => (p.waves[1]!.pace = { people: 5 }) },
  'waves[].pace.per': { change: (p) => (p.waves[1]!.pace = { per: '3h' }) },
}

function compiled(edits: ((plan: PlanInput) => void)[]): string {
  const plan = basePlan()
  for (const edit of edits) edit(plan)
  const names = plan.waves.flatMap(({ members }) => (typeof members === 'object' && members.csv) || [])
  names.push(...(plan.prepare?.notices?.templates ?? []))
  const phones = plan.prepare?.phones?.from
  if (phones !== undefined && phones !== 'directory') names.push(phones)
  if (plan.prepare?.tokens) names.push(plan.prepare.tokens.from)
  const files = Object.fromEntries(names.map((name) => [name, `sha256:${'0'.repeat(64)}`]))
  const loaded = loadPlan(stringify(plan), undefined, files)
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems))
  return JSON.stringify(compiledPlanSchema.parse(compilePlan(loaded.plan, files)))
}

const leaves = leavesOf(planJsonSchema())

test('every key of the plan is covered here, apart from those with a single value', () => {
  const open = leaves.filter((leaf) => !leaf.fixed).map((leaf) => leaf.path)
  expect(Object.keys(CHANGES).toSorted()).toEqual([...new Set(open)].toSorted())
})

test('the keys with a single value are the ones whose other values come later', () => {
  const fixed = leaves.filter((leaf) => leaf.fixed).map((leaf) => leaf.path)
  expect(fixed).toEqual([
    'version',
    'enforce.administrators',
    'gates.budget.lockedOut.onSpent',
    'gates.budget.failedChanges.onSpent',
    'graduate',
    'waves[].gates.budget.lockedOut.onSpent',
    'waves[].gates.budget.failedChanges.onSpent',
  ])
})

test.each(Object.keys(CHANGES))('the key %s changes what the engine does', (path) => {
  const { before, change } = CHANGES[path]!
  const company = before === undefined ? [] : [before]
  expect(compiled([...company, change])).not.toBe(compiled(company))
})

test('administrators: own-policy gives them a group and policy named after those of everybody', () => {
  const text = compiled([(p) => administrators(p, 'own-policy')])
  expect(JSON.parse(text).enforce.administrators).toEqual({
    group: 'MFA administrators',
    policy: 'Require MFA administrators',
  })
})

test('min with unready: defer is asked of the test users', () => {
  const text = compiled([(p) => (p.gates = { readiness: { ...defer, min: '60%' } })])
  expect(
    JSON.parse(text).waves.map((wave: { gates: { readiness: unknown } }) => wave.gates.readiness),
  ).toEqual([
    { unready: 'hold', minBp: 6000 },
    ...Array.from({ length: 3 }, () => ({ unready: 'defer', deferAtMostBp: 4000 })),
  ])
})
