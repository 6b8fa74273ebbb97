import { expect, test } from 'vitest'
import { callsOfPlan, limitsUsed } from '../../src/engine/call-estimate.ts'
import { ENGINE_TIMES } from '../../src/engine/world.ts'
import { DECLARED_TIMES } from '../../src/gates/declared-times.ts'
import { planOf } from '../people/people.ts'

const WORLD = { times: ENGINE_TIMES, declared: DECLARED_TIMES }

function callsFor(people: number, enforce = '', numbers = 0) {
  const plan = planOf(['{ name: everyone, members: rest }'], 'plan', enforce)
  const [test, everyone] = plan.waves
  if (!test || !everyone) throw new Error('two waves')
  const sizes = [
    { wave: test, people: 1, numbers: 0 },
    { wave: everyone, people, numbers },
  ]
  return callsOfPlan(WORLD, plan, people + 1, sizes)
}

test('ten thousand people join the group by five hundred calls, within minutes of Microsoft’s limits', () => {
  const rows = callsFor(10_000)
  const joins = rows.find(({ what, wave }) => wave === 'everyone' && what.includes('20 a call'))
  expect(joins).toMatchObject({ calls: 500, atLeast: false })
  expect((joins?.ms ?? 0) / 1000).toBeCloseTo(500 / (3000 / 150) / 0.8, 1)
  const writes = limitsUsed(rows, 10_001).find(({ bucket }) => bucket === 'identityWrites')
  expect(writes?.units).toBe(501)
})

test('only the next wave is asked for person by person, and a call a person is what takes hours', () => {
  const each = callsFor(10_000).filter(({ what }) => what.includes('of each'))
  expect(each).toMatchObject([{ wave: 'test-user', calls: 1 }])
  const retired = callsFor(10_000, 'retirePerUserMfa: true').findLast(({ what }) =>
    what.includes('switched off'),
  )
  // Measured in bench/per-user.ts: the limit and nothing else.
  expect((retired?.ms ?? 0) / 3_600_000).toBeCloseTo((30_000 * 2.5) / 3600, 1)
  const numbers = callsFor(10_000, '', 400).find(({ what }) => what.includes('numbers'))
  expect(numbers?.calls).toBeGreaterThanOrEqual(1_200)
})
