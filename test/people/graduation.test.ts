import { expect, test } from 'vitest'
import { graduationOf, type WaveMember } from '../../src/people/graduation.ts'
import type { Person } from '../../src/people/person.ts'

const person = (id: string, more: Partial<Person> = {}): Person => ({
  ...{ id, upn: `${id}@contoso.com`, displayName: id, accountEnabled: true, userType: 'Member' },
  ...{ isAdmin: false, isMfaCapable: true },
  ...more,
})
const member = (personId: string, more: Partial<WaveMember> = {}): WaveMember => ({
  personId,
  ...{ deferred: null, outcome: 'done', restore: null },
  ...more,
})

function graduation(people: Person[], members: WaveMember[] = [], more: object = {}) {
  const none = { guarded: new Set<string>(), inGroup: new Set<string>(), approved: null }
  const { caught, exceptions } = graduationOf({ people, members, ...none, ...more })
  return {
    caught: caught.map(({ id }) => id),
    out: Object.fromEntries(exceptions.map((one) => [one.person.id, one.why])),
  }
}

test('who is in no wave is newly caught when ready, and stays out when not, or when nobody knows', () => {
  const people = [
    person('ready'),
    person('bare', { isMfaCapable: false }),
    person('riddle', { isMfaCapable: undefined }),
  ]
  expect(graduation(people)).toEqual({
    caught: ['ready'],
    out: { bare: 'notReady', riddle: 'readinessUnknown' },
  })
})

test('who waits for an answer stays out until it comes, and stays in who is covered already', () => {
  const setAside = new Map([
    ['printer', 'question'],
    ['in', 'question'],
    ['bare', 'legacyClient'],
  ])
  const people = [person('printer'), person('in'), person('bare', { isMfaCapable: false })]
  expect(graduation(people, [], { setAside, inGroup: new Set(['in']) })).toEqual({
    caught: [],
    out: { printer: 'question', bare: 'notReady' },
  })
})

test('the protected and guests are in neither', () => {
  const people = [person('robot'), person('guest', { userType: 'Guest' })]
  expect(graduation(people, [], { guarded: new Set(['robot']) })).toEqual({ caught: [], out: {} })
})

test('whom an approver did not confirm stays out', () => {
  const people = [person('seen'), person('new')]
  expect(graduation(people, [], { approved: new Set(['seen']) })).toEqual({
    caught: ['seen'],
    out: { new: 'notConfirmed' },
  })
})

test('members of waves who are not under MFA stay out with the reason', () => {
  const people = ['a', 'b', 'c', 'd', 'e', 'f'].map((id) => person(id))
  const members = [
    member('a', { deferred: 'notReady', outcome: 'pending' }),
    member('b', { outcome: 'failed' }),
    member('c', { restore: 'restored' }),
    member('d', { deferred: 'rolledBack', restore: 'restored' }),
    member('e', { outcome: 'gone' }),
    member('f'),
  ]
  expect(graduation(people, members)).toEqual({
    caught: [],
    out: { a: 'notReady', b: 'failed', c: 'rolledBack', d: 'rolledBack', e: 'gone', f: 'takenOut' },
  })
})

test('nobody who is covered by the group goes out, but for those who are being taken back', () => {
  const people = ['in', 'late', 'before', 'open', 'failed'].map((id) => person(id))
  const members = [
    member('in'),
    member('late', { outcome: 'unknown' }),
    member('before', { outcome: 'already', deferred: 'rolledBack', restore: 'notOurs' }),
    member('open', { deferred: 'rolledBack' }),
    member('failed', { restore: 'failed' }),
  ]
  expect(graduation(people, members, { inGroup: new Set(people.map(({ id }) => id)) })).toEqual({
    caught: [],
    out: { open: 'rolledBack', failed: 'rollback failed' },
  })
})
