import { expect, test } from 'vitest'
import {
  type Hold,
  HoldKind,
  ROLLOUT_STATES,
  type RolloutState,
  type Saved,
  WAVE_STATES,
  type WaveState,
} from '../../machines/language.ts'
import { switchedOnKey } from '../../src/engine/switch-on.ts'
import { VERBS, Verb } from '../../src/service/verbs.ts'
import type { Outcome, Restore } from '../../src/store/members.ts'
import { rolloutIn, waveIn } from '../machines/every-state.ts'
import { PLAN, type Served, served } from './served.ts'

/** What REST answers to a dry run of each verb, whatever state things are in: the table is for people to read. */
const PERSON_CASES: Record<string, PersonCase> = {
  'pending, not sent yet': { outcome: 'pending', sent: false },
  'pending, sent': { outcome: 'pending' },
  done: { outcome: 'done' },
  failed: { outcome: 'failed' },
  unknown: { outcome: 'unknown' },
  gone: { outcome: 'gone' },
  'deferred, not ready': { outcome: 'pending', deferred: 'notReady', sent: false },
  'keeps per-user MFA, not proven': { outcome: 'done', perUserMfa: 'keeps' },
  'rolled back and parked': { outcome: 'done', deferred: 'rolledBack', restore: 'restored' },
  'rollback failed': { outcome: 'done', deferred: 'rolledBack', restore: 'failed' },
}

interface PersonCase {
  outcome: Outcome
  sent?: boolean
  deferred?: string
  restore?: Restore
  perUserMfa?: 'keeps'
}

const HELD_STATES: readonly WaveState[] = ['checkingReadiness', 'awaitingApproval', 'enforcing', 'soaking']

test('each verb in each state has its answer: the whole table, as REST gives it', async () => {
  const house = await served({ people: 40 })
  const { id } = await house.draft(CROSSING)
  const lines: string[] = ['# on the rollout; adopt names somebody who is in the group, or nobody is there']
  lines.push(...(await onRollout(house, id, 'draft', [])))
  const someone = inTheGroup(house)
  lines.push(...(await onRollout(house, id, 'draft', [], 'draft, somebody in the group', someone.id)))
  someone.leaves()
  await begun(house, id)
  for (const state of ROLLOUT_STATES.filter((one) => one !== 'draft'))
    lines.push(...(await onRollout(house, id, state, [])))
  for (const kind of HoldKind.options) lines.push(...(await onRollout(house, id, 'running', [kind])))
  lines.push('', '# on a wave of a running rollout')
  await put(house, 'rollout', id, rolloutIn('running').saved)
  for (const state of WAVE_STATES) lines.push(...(await onWave(house, id, state, [])))
  for (const state of HELD_STATES)
    for (const kind of HoldKind.options) lines.push(...(await onWave(house, id, state, [kind])))
  lines.push('', '# on a person of a wave that enforces')
  await put(house, 'wave', `${id}.1`, waveIn('enforcing').saved)
  for (const name of Object.keys(PERSON_CASES)) lines.push(await onPerson(house, id, name))
  await expect(`${lines.join('\n')}\n`).toMatchFileSnapshot('verb-by-state.table.txt')
})

/** A plan that retires per-user MFA and ends for all users, so that no verb is out of place. */
const CROSSING = PLAN.replace(
  '  policy: Require MFA (wavegate)\n',
  '  policy: Require MFA (wavegate)\n  retirePerUserMfa: true\n',
).replace('rollback:', 'graduate: all-users\nrollback:')

function inTheGroup(house: Served) {
  const { world } = house.tenant
  const { members } = world.group(GROUP)
  const { id } = world.people.find((one) => one.index > 5 && one.kind === 'member' && one.roles.length === 0)!
  members.set(id, { lines: [{ value: true, readAt: 0, biteAt: 0 }] })
  return { id, leaves: () => members.delete(id) }
}

async function onRollout(
  house: Served,
  id: string,
  state: RolloutState,
  kinds: HoldKind[],
  name = title(state, kinds),
  someone?: string,
) {
  await put(house, 'rollout', id, held(rolloutIn(state).saved, kinds))
  const { body } = await house.call('GET', `/api/v1/rollouts/${id}`)
  expect(body.state).toBe(state)
  return await answers(house, `/api/v1/rollouts/${id}`, 'rollout', name, kinds, body.possible, someone)
}

async function onWave(house: Served, id: string, state: WaveState, kinds: HoldKind[]) {
  await put(house, 'wave', `${id}.1`, held(waveIn(state).saved, kinds))
  const { body } = await house.call('GET', `/api/v1/rollouts/${id}`)
  expect(body.waves[0].state).toBe(state)
  const path = `/api/v1/rollouts/${id}/waves/${body.waves[0].name}`
  return await answers(house, path, 'wave', title(state, kinds), kinds, body.waves[0].possible)
}

async function onPerson(house: Served, id: string, name: string): Promise<string> {
  const found = PERSON_CASES[name] as PersonCase
  const { outcome, deferred = null, restore = null, sent = true, perUserMfa = null } = found
  const personId = `person-${Object.keys(PERSON_CASES).indexOf(name)}`
  const upn = `${personId}@contoso.com`
  await house.server.wavegate.store.tx(async (writer) => {
    const row = { rolloutId: id, waveId: `${id}.1`, personId, upn, displayName: personId, position: 1 }
    await writer.insertMembers([row])
    const kept = { per_user_mfa: perUserMfa, per_user_reason: perUserMfa && 'notProven' }
    const requested_at = sent ? 1 : null
    await writer.setMembers(id, [personId], { outcome, deferred, restore, requested_at, ...kept })
  })
  const [line] = await answers(house, `/api/v1/rollouts/${id}/people/${personId}`, 'person', name, [], null)
  return line as string
}

const GROUP = 'MFA required'

/** Group and policy as a rollout has them that has begun, and something another hand did to the policy. */
async function begun(house: Served, id: string): Promise<void> {
  const { world } = house.tenant
  const policyId = world.createPolicy(ordinaryPolicy(world.group(GROUP).id))
  await house.server.wavegate.store.tx(async (writer) => {
    await writer.setRollout(id, { group_id: world.group(GROUP).id, policy_id: policyId })
    await writer.setSetting(switchedOnKey(id), '1')
    await writer.recordObject(id, 'policy', { id: policyId, ...ordinaryPolicy(world.group(GROUP).id) }, 1)
    const change = { property: 'state', before: 'enabled', after: 'disabled', says: 'state changed' }
    await writer.insertDrift(id, 1, [{ object: 'policy', ...change, personId: null, barred: null }])
  })
}

function ordinaryPolicy(group: string) {
  return {
    displayName: 'Require MFA (wavegate)',
    state: 'enabled' as const,
    conditions: {
      clientAppTypes: ['all' as const],
      applications: { includeApplications: ['All'] },
      users: { includeGroups: [group] },
    },
    grantControls: { operator: 'OR', builtInControls: ['mfa' as const] },
  }
}

/** One line a state: each verb with what came of a dry run. The view's `possible` says the same. */
async function answers(
  house: Served,
  path: string,
  subject: 'rollout' | 'wave' | 'person',
  name: string,
  kinds: readonly HoldKind[],
  possible: string[] | null,
  someone?: string,
): Promise<string[]> {
  const found: string[] = []
  for (const verb of Verb.options.filter((one) => VERBS[one].on.includes(subject))) {
    const [as] = VERBS[verb].roles
    const body = { reason: 'the table', dryRun: true, ...more(verb, subject, kinds, someone) }
    const answer = await house.call('POST', `${path}/${verb}`, { as: as ?? 'administrator', body })
    const code =
      answer.body.code ?? (/^(It is so already|Nobody)/.test(answer.body.says) ? 'already' : 'would')
    expect(answer.status, `${name} ${verb} ${JSON.stringify(answer.body)}`).toBeLessThan(500)
    if (possible && code === 'verbNotPossible') expect(possible, `${name} ${verb}`).not.toContain(verb)
    if (code !== 'verbNotPossible') found.push(`${verb} ${answer.status} ${code}`)
  }
  return [`${name.padEnd(40)} ${found.join(' · ')}`.trimEnd()]
}

/** What a verb wants to be told besides the reason. */
function more(verb: Verb, subject: string, kinds: readonly HoldKind[], someone?: string): object {
  switch (verb) {
    case 'adopt':
      return someone === undefined ? {} : { people: [someone] }
    case 'defer':
      return { approver: 'approver@contoso.com', until: '2026-04-01' }
    case 'extend':
    case 'shorten':
      return { by: '1h' }
    case 'advance':
      return { gates: kinds.some(isGate) ? [GATE] : [] }
    case 'accept':
      if (subject === 'wave') return { gates: kinds.some(isGate) ? [GATE] : [] }
      return { findings: [subject === 'rollout' ? 'policy.state' : 'notProven'] }
    default:
      return {}
  }
}

const GATE = 'lockedOut'

function isGate(kind: HoldKind): boolean {
  return kind.startsWith('gate') || kind === 'budgetSpent'
}

function title(state: string, kinds: readonly HoldKind[]): string {
  return kinds.length > 0 ? `${state} [${kinds.join(', ')}]` : state
}

function held(saved: Saved, kinds: readonly HoldKind[]): Saved {
  const hold = (kind: HoldKind): Hold => ({
    kind,
    since: 1,
    by: 'wavegate',
    reason: 'the table',
    ...(isGate(kind) ? { gate: GATE } : {}),
  })
  const snapshot = structuredClone(saved.snapshot)
  const context = snapshot.context as { holds: Hold[] }
  context.holds = kinds.map(hold)
  return { ...saved, snapshot }
}

async function put(house: Served, kind: 'rollout' | 'wave', id: string, saved: Saved): Promise<void> {
  await house.server.wavegate.store.tx(async (writer) => {
    const row = kind === 'rollout' ? await writer.rollout(id) : await writer.wave(id)
    if (!row) throw new Error(`there is no ${kind} ${id}`)
    const value = saved.snapshot.value
    const state = typeof value === 'string' ? value : innermost(value)
    await writer.saveInstance(kind, id, row.version, state, saved)
  })
}

function innermost(value: unknown): string {
  const [[name, inner] = ['', '']] = Object.entries(value as Record<string, unknown>)
  if (name === 'rollingBack') return name
  return typeof inner === 'string' ? inner : innermost(inner)
}
