import { expect, test } from 'vitest'
import type { Exclusion } from '../../src/people/exclusion.ts'
import { type LeftoverMember, sortLeftovers } from '../../src/people/leftovers.ts'
import type { Person } from '../../src/people/person.ts'

const NOW = 1_000_000
const usual: Omit<LeftoverMember, 'id'> = {
  waveState: 'completed',
  deferred: 'notReady',
  deferredUntil: null,
  restore: null,
  takenBackAt: null,
}
const person = (id: string): Person => ({
  id,
  upn: `${id}@contoso.com`,
  displayName: id,
  accountEnabled: true,
  userType: 'Member',
  isAdmin: false,
  isMfaCapable: true,
})

function taken(member: Partial<LeftoverMember>, more: object = {}) {
  const members = [{ id: 'a', ...usual, ...member }]
  const people = new Map([['a', person('a')]])
  const refreshedAt = new Map([['a', 500]])
  const { members: ids, open } = sortLeftovers({
    members,
    late: [],
    deferredByName: new Set<string>(),
    people,
    ready: new Set(['a']),
    excluded: new Map<string, Exclusion>(),
    notPeople: new Set<string>(),
    refreshedAt,
    now: NOW,
    ...more,
  })
  return { is: ids.length === 1, open }
}

test('whoever is ready by now is taken, and nobody of whom that is not known', () => {
  expect(taken({})).toEqual({ is: true, open: 1 })
  expect(taken({ deferred: null })).toEqual({ is: true, open: 1 })
  expect(taken({}, { ready: new Set() })).toEqual({ is: false, open: 1 })
  expect(taken({}, { people: new Map() })).toEqual({ is: false, open: 1 })
})

test('nobody is waited for whom no round may ever take; a disabled account may come back', () => {
  const excluded = (why: Exclusion) => taken({}, { excluded: new Map([['a', why]]) })
  for (const why of ['disabledAccount', 'directoryRoleUnknown'] as const)
    expect(excluded(why)).toEqual({ is: false, open: 1 })
  for (const why of ['directoryRole', 'protectedEmergency', 'protectedGroup', 'guest', 'adopted'] as const)
    expect(excluded(why)).toEqual({ is: false, open: 0 })
})

test('a deferral by name ends at its date', () => {
  expect(taken({ deferred: 'deferred', deferredUntil: NOW + 1 }).is).toBe(false)
  expect(taken({ deferred: 'deferred', deferredUntil: NOW }).is).toBe(true)
})

test('who was taken back waits for a release, and then for readiness that is newer', () => {
  const back = { restore: 'restored', takenBackAt: 600 }
  expect(taken({ deferred: 'rolledBack', ...back })).toEqual({ is: false, open: 1 })
  expect(taken({ deferred: 'released', ...back })).toEqual({ is: false, open: 1 })
  expect(taken({ deferred: 'released', ...back }, { refreshedAt: new Map([['a', 601]]) }).is).toBe(true)
  expect(taken({ deferred: 'released', ...back }, { refreshedAt: new Map() }).is).toBe(false)
  expect(taken({ deferred: null, waveState: 'rolledBack', ...back })).toEqual({ is: false, open: 1 })
})

test('who may still be in the group is no leftover, and the people of a skipped wave stay untouched', () => {
  for (const restore of ['failed', 'unknown', 'leftIn', 'notOurs']) expect(taken({ restore }).open).toBe(0)
  expect(taken({ waveState: 'skipped' })).toEqual({ is: false, open: 0 })
})

test('nobody is waited for of whom an owner said that it is no person', () => {
  expect(taken({ deferred: 'notAPerson' }, { ready: new Set(), notPeople: new Set(['a']) })).toEqual({
    is: false,
    open: 0,
  })
})

test('newcomers are taken when they are ready and nothing protects them', () => {
  const people = new Map(['b', 'c', 'd'].map((id) => [id, person(id)]))
  const late = ['d', 'c', 'b']
  const excluded = new Map([['c', 'disabledAccount' as const]])
  const known = {
    people,
    ready: new Set(['b', 'c']),
    excluded,
    refreshedAt: new Map(),
    now: NOW,
    notPeople: new Set<string>(),
  }
  const input = { members: [], late, ...known }
  const sorted = (...names: string[]) => sortLeftovers({ ...input, deferredByName: new Set(names) })
  expect(sorted()).toEqual({ members: [], late: ['b'], open: 2, never: [] })
  // Deferred by name: not now, and the catch-up waits for them.
  expect(sorted('b')).toEqual({ members: [], late: [], open: 2, never: [] })
})
