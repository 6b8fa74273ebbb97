import { afterEach, expect, test, vi } from 'vitest'
import type { DemoAddresses } from '../../src/demo/run-demo.ts'
import type { JournalEntry } from '../../src/emulator/journal.ts'
import type { MemberView, RolloutView } from '../../src/service.ts'
import { killAll, type Running, started } from '../processes/running.ts'
import { isStatus } from './told.ts'

// Whole processes, on a machine that may be busy.
vi.setConfig({ testTimeout: 180_000 })

afterEach(killAll)

async function demo(...args: string[]): Promise<Running<DemoAddresses>> {
  return await started<DemoAddresses>(['demo', '--json', ...args], {})
}

async function get<T>(url: string, token?: string): Promise<T> {
  const headers = token === undefined ? {} : { authorization: `Bearer ${token}` }
  const answer = await fetch(url, { headers })
  if (!answer.ok) throw new Error(`${url}: ${answer.status}`)
  return (await answer.json()) as T
}

interface Named {
  id: string
  userPrincipalName: string
}

async function all<T>(graph: string, path: string): Promise<T[]> {
  const found: T[] = []
  for (let next: string | undefined = graph + path; next !== undefined; ) {
    const page: { value: T[]; '@odata.nextLink'?: string } = await get(next)
    found.push(...page.value)
    next = page['@odata.nextLink']
  }
  return found
}

/** Per-user MFA of everybody, as the tenant says now. */
async function perUserMfa(graph: string, people: readonly Named[]): Promise<Record<string, string>> {
  const states = people.map(async ({ id, userPrincipalName }) => {
    const url = `${graph}/beta/users/${id}/authentication/requirements`
    return [userPrincipalName, (await get<{ perUserMfaState: string }>(url)).perUserMfaState]
  })
  return Object.fromEntries(await Promise.all(states))
}

test('after the end the API answers on, and ends when it is asked to', async () => {
  const running = await demo('--people', '40')
  const end = JSON.parse(await running.line(isStatus)) as RolloutView
  expect(end.state).toBe('completedWithLeftovers')
  const { api, token } = running.said
  const shown = await get<RolloutView>(`${api}/api/v1/rollouts/${end.id}`, token)
  expect(shown.state).toBe('completedWithLeftovers')
  expect(await running.stop()).toBe(0)
})

test('asked to end in the middle of a show, it ends', async () => {
  const running = await demo('--people', '40', '--speed', '60')
  await running.line((line) => line.includes('"wave.preparing"'))
  expect(await running.stop()).toBe(0)
})

test('what bad numbers did is undone person by person, and nobody else was ever touched', async () => {
  const running = await demo('--people', '300', '--scenario', 'bad-numbers')
  const { api, graph, token } = running.said
  const people = await all<Named>(graph, '/v1.0/users?$select=id,userPrincipalName&$top=999')
  const before = await perUserMfa(graph, people)
  const end = JSON.parse(await running.line(isStatus)) as RolloutView
  expect(end.state).toBe('rolledBack')

  const { changes } = await get<{ changes: JournalEntry[] }>(`${graph}/_tenant/journal?after=0`)
  const ours = changes.filter(({ actor }) => actor === 'app')
  const { groupId, policyId } = end.target
  const policy = `identity/conditionalAccess/policies/${policyId}`
  const members = `groups/${groupId}/members/`
  expect(ours.filter(({ target }) => target !== policy && !target.startsWith(members))).toEqual([])

  // In, then out, once each, and nobody whom no wave had.
  const perPerson = Map.groupBy(
    ours.filter(({ target }) => target.startsWith(members)),
    ({ target }) => target.slice(members.length),
  )
  for (const [id, moves] of perPerson) {
    const went = moves.map(({ before, after }) => [before, after])
    expect(went, id).toEqual([
      [{ member: false }, { member: true }],
      [{ member: true }, { member: false }],
    ])
  }
  const restored = new Set<string>()
  for (const { name } of end.waves) {
    const page = await get<{ members: MemberView[] }>(
      `${api}/api/v1/rollouts/${end.id}/waves/${name}/members?limit=1000`,
      token,
    )
    for (const { personId, restore } of page.members) if (restore === 'restored') restored.add(personId)
  }
  expect([...perPerson.keys()].toSorted()).toEqual([...restored].toSorted())
  expect(restored.size).toBeGreaterThan(20)

  const guarded = await guardedPeople(graph, people)
  expect(guarded.size).toBeGreaterThan(4)
  expect([...guarded].filter((id) => perPerson.has(id))).toEqual([])
  expect(await all(graph, `/v1.0/${members.slice(0, -1)}`)).toEqual([])
  expect(ours.filter(({ target }) => target === policy).map(({ after }) => after)).toEqual([
    expect.objectContaining({ state: 'enabledForReportingButNotEnforced' }),
    expect.objectContaining({ state: 'enabled' }),
    expect.objectContaining({ state: 'enabledForReportingButNotEnforced' }),
  ])

  const after = await perUserMfa(graph, people)
  expect(after).toEqual(before)
  expect(Object.values(after).filter((state) => state === 'enforced').length).toBeGreaterThan(0)
  expect(await running.stop()).toBe(5)
})

/** Emergency accounts, the protected group, and everybody with a directory role. */
async function guardedPeople(graph: string, people: readonly Named[]): Promise<Set<string>> {
  const filter = encodeURIComponent("displayName eq 'Service accounts'")
  const [group] = await all<Named>(graph, `/v1.0/groups?$filter=${filter}`)
  const service = await all<Named>(graph, `/v1.0/groups/${group?.id}/members`)
  const reports = await all<{ id: string; isAdmin: boolean }>(
    graph,
    '/v1.0/reports/authenticationMethods/userRegistrationDetails',
  )
  const emergency = people.filter(({ userPrincipalName }) => /^bg\d@/.test(userPrincipalName))
  const admins = reports.filter(({ isAdmin }) => isAdmin)
  return new Set([...service, ...emergency, ...admins].map(({ id }) => id))
}
