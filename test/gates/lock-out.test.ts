import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { OURS, seenAfter, signIn } from './sign-ins.ts'

const state = ({ everLockedOut, lockedOutNow }: ReturnType<typeof seenAfter>) => ({
  everLockedOut,
  lockedOutNow,
})
const FREE = { everLockedOut: false, lockedOutNow: false }
const OUT = { everLockedOut: true, lockedOutNow: true }
const RESCUED = { everLockedOut: true, lockedOutNow: false }

test('a blocked person has half an hour, and the log its usual delay, before it is a lock-out', () => {
  const block = signIn(10, 53003)
  expect(state(seenAfter(44, [block]))).toEqual(FREE)
  expect(state(seenAfter(45, [block]))).toEqual(OUT)
})

test('who gets in within half an hour was not locked out', () => {
  expect(state(seenAfter(600, [signIn(10, 500121), signIn(40, 0)]))).toEqual(FREE)
})

test('who was rescued later was locked out, and is no longer', () => {
  expect(state(seenAfter(600, [signIn(10, 53003), signIn(41, 0)]))).toEqual(RESCUED)
})

test('who is locked out again after a success is locked out now', () => {
  expect(state(seenAfter(600, [signIn(10, 53003), signIn(60, 0), signIn(100, 53003)]))).toEqual(OUT)
})

test('an interrupt without a success is abandoned after an hour, once its rows are settled', () => {
  const interrupt = signIn(0, 50074)
  expect(state(seenAfter(179, [interrupt]))).toEqual(FREE)
  expect(seenAfter(180, [interrupt])).toMatchObject({ ...OUT, incidents: [{ kind: 'abandoned' }] })
  expect(state(seenAfter(180, [interrupt, signIn(55, 0)]))).toEqual(FREE)
})

test.each([50173, 50133, 50132, 70043, 700082, 70008, 50089])(
  'what a session that was ended says (%i) keeps nobody out',
  (code) => {
    expect(state(seenAfter(600, [signIn(10, code), signIn(12, code)]))).toEqual(FREE)
  },
)

test.each([
  ['a wrong password', 50126, 'failure'],
  ['the limit on telephone calls', 50088, 'failure'],
  ['another policy', 53003, 'notApplied'],
  ['an internal retry', 90025, 'failure'],
])('%s is not a lock-out of ours', (_what, code, result) => {
  const row = signIn(10, code, { appliedConditionalAccessPolicies: [{ id: OURS, result }] })
  expect(state(seenAfter(600, [row]))).toEqual(FREE)
})

test('what happened before the switch says nothing about it', () => {
  const before = seenAfter(600, [signIn(-30, 53003), signIn(-20, 0)])
  expect(before).toMatchObject({ ...FREE, proven: false, settledSignIn: false })
})

test('a person is proven by the first success that met our policy', () => {
  const bare = signIn(5, 0, { appliedConditionalAccessPolicies: [] })
  expect(seenAfter(600, [bare])).toMatchObject({ proven: false, firstProvenAt: null, settledSignIn: false })
  const proof = signIn(20, 0)
  expect(seenAfter(600, [signIn(30, 0), proof, bare])).toMatchObject({
    proven: true,
    firstProvenAt: proof.createdDateTime,
    settledSignIn: true,
  })
})

test('a sign-in is settled after two hours', () => {
  expect(seenAfter(129, [signIn(10, 0)]).settledSignIn).toBe(false)
  expect(seenAfter(130, [signIn(10, 0)]).settledSignIn).toBe(true)
})

const log = fc.array(
  fc.record({
    minutes: fc.integer({ min: -60, max: 400 }),
    code: fc.constantFrom(0, 50074, 53003, 500121, 50126, 90025),
  }),
  { maxLength: 12 },
)

test('the order of rows does not matter', () => {
  const shuffled = log.chain((rows) => {
    const built = rows.map(({ minutes, code }) => signIn(minutes, code))
    return fc.tuple(fc.constant(built), fc.shuffledSubarray(built, { minLength: built.length }))
  })
  fc.assert(
    fc.property(shuffled, fc.integer({ min: 0, max: 800 }), ([rows, other], now) => {
      expect(seenAfter(now, rows)).toEqual(seenAfter(now, other))
    }),
  )
})

test('who is locked out now was ever locked out; one more success never adds a lock-out', () => {
  fc.assert(
    fc.property(log, fc.integer({ min: -60, max: 400 }), (rows, minutes) => {
      const built = rows.map(({ minutes: at, code }) => signIn(at, code))
      const before = seenAfter(800, built)
      const after = seenAfter(800, [...built, signIn(minutes, 0)])
      expect(before.everLockedOut || !before.lockedOutNow).toBe(true)
      expect(after.incidents.length).toBeLessThanOrEqual(before.incidents.length)
    }),
  )
})
