import { expect, test } from 'vitest'
import { lockedOutGate } from '../../src/gates/budget-gate.ts'
import { networkOf } from '../../src/gates/places.ts'
import type { SignIn } from '../../src/gates/sign-in.ts'
import { ABROAD, AT_HOME, OURS, seenAfter, signIn, THEIRS } from './sign-ins.ts'

const DAY = 24 * 60
const unasked = { appliedConditionalAccessPolicies: [] }
const abroad = (minutes: number, code: number, over: Partial<SignIn> = {}) =>
  signIn(minutes, code, { place: ABROAD, ...over })

test.each([50074, 50079, 500121, 53003])('%i from a place the person does not use is suspicion', (code) => {
  expect(seenAfter(600, [abroad(10, code)])).toMatchObject({
    everLockedOut: false,
    lockedOutNow: false,
    settledSignIn: false,
    incidents: [],
    suspicions: [{ at: expect.any(Number) }],
    undecided: [],
  })
})

test('the same from the address they always had is a lock-out', () => {
  expect(seenAfter(600, [signIn(10, 50074)])).toMatchObject({ everLockedOut: true, suspicions: [] })
})

test('another address of the same household is theirs', () => {
  const place = { ...AT_HOME, ip: '198.18.7.201' }
  expect(seenAfter(600, [signIn(10, 50074, { place })]).everLockedOut).toBe(true)
})

test('a stranger who got in once from a town makes it nobody’s; four days make it theirs', () => {
  const stranger = abroad(-2 * DAY, 0, { ...unasked, place: { ...ABROAD, ip: '203.0.113.200' } })
  const knock = abroad(10, 50074, { place: { ...ABROAD, ip: '192.0.2.1' } })
  expect(seenAfter(600, [stranger, knock])).toMatchObject({ everLockedOut: false, suspicions: [{}] })
  const days = [-5, -4, -3, -2].map((day, n) =>
    abroad(day * DAY, 0, { ...unasked, place: { ...ABROAD, ip: `198.51.${n}.1` } }),
  )
  expect(seenAfter(600, [...days, knock]).everLockedOut).toBe(true)
})

test('who met our policy in a town has used it', () => {
  const met = abroad(5, 0, { place: { ...ABROAD, ip: '203.0.114.1' } })
  expect(seenAfter(600, [met, abroad(60, 53003)]).everLockedOut).toBe(true)
})

test('a place of fifteen days ago is used no more', () => {
  const place = { ip: '192.0.2.1', city: 'Lagos', country: 'NG' }
  const before = signIn(-15 * DAY, 0, { ...unasked, place })
  expect(seenAfter(600, [before, signIn(10, 50074, { place })])).toMatchObject({
    everLockedOut: false,
    suspicions: [{}],
  })
})

test('without a fortnight of sign-ins it cannot be told, and is looked into', () => {
  const known = seenAfter(600, [abroad(10, 50074)], false)
  expect(known).toMatchObject({ everLockedOut: false, suspicions: [], undecided: [{}], needsHabits: true })
  expect(seenAfter(600, [signIn(10, 50074, { place: null })])).toMatchObject({
    undecided: [{}],
    needsHabits: false,
  })
})

test('who got in from that address since needs no fortnight to be told apart', () => {
  const rows = [signIn(10, 53003), signIn(200, 0)]
  expect(seenAfter(600, rows, false)).toMatchObject({ everLockedOut: true, needsHabits: false })
})

const asked = { source: 'sign-in log', fetchedAt: 1 }
function gateOf(maxBp: number, people: ReturnType<typeof seenAfter>[]) {
  const budget = { maxBp, onSpent: 'hold' as const }
  return lockedOutGate({ budget, members: 10, people, coverage: 'complete', window: null, asked })
}
const well = seenAfter(600, [signIn(10, 0)])

test('people of whom it cannot be told hold the gate as unknown where they would spend the budget', () => {
  const people = [well, seenAfter(600, [abroad(10, 50074)], false)]
  expect(gateOf(0, people)).toMatchObject({ verdict: 'unknown', why: 'tooFew' })
  expect(gateOf(1000, people)).toMatchObject({ verdict: 'pass' })
})

test('the gate says what was suspicion and what another policy did, by its name', () => {
  const other = {
    appliedConditionalAccessPolicies: [
      { id: OURS, result: 'failure', controls: ['mfa'] },
      { id: THEIRS, result: 'failure', controls: ['block'], name: 'Block old devices' },
    ],
  }
  const blocked = seenAfter(600, [signIn(10, 53003, other)])
  expect(blocked.otherPolicies).toEqual([{ id: THEIRS, name: 'Block old devices' }])
  const { verdict, says } = gateOf(0, [well, blocked, seenAfter(600, [abroad(10, 500121)])])
  expect(verdict).toBe('pass')
  expect(says).toContain('1 person turned away by other policies: Block old devices')
  expect(says).toContain('attempts on 1 person from places they do not use count as suspicion')
})

test.each([
  ['203.0.113.9', '203.0.113'],
  ['2001:db8::1', '2001:db8:0:0'],
  ['2001:0DB8:0:0:1::5', '2001:db8:0:0'],
  ['::1', '0:0:0:0'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2'],
])('the network of %s is %s', (ip, network) => {
  expect(networkOf(ip)).toBe(network)
})
