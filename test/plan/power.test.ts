import { expect, test } from 'vitest'
import { failuresProving, peopleNeeded, rateNotRuledOut } from '../../src/plan/power.ts'
import { basisPoints, durationMs, sayDuration, sayShare, shareOf } from '../../src/plan/units.ts'

test.each([
  [1, 0.95],
  [5, 0.45],
  [10, 0.26],
  [20, 0.14],
  [50, 0.058],
  [100, 0.03],
  [300, 0.01],
])('%i people without a failure leave a rate of %f open', (people, rate) => {
  expect(rateNotRuledOut(people)).toBeCloseTo(rate, 2)
})

test('a clean pilot needs 59 people to show under 5 %, and 149 to show under 2 %', () => {
  expect([peopleNeeded(0.05), peopleNeeded(0.02)]).toEqual([59, 149])
})

test.each([
  [0.01, [1, 2, 2, 3, 4, 7, 16]],
  [0.02, [2, 2, 3, 4, 6, 11, 29]],
  [0.05, [2, 3, 4, 6, 10, 22, 63]],
])('the failures that show a limit of %f exceeded match the published table', (limit, failures) => {
  expect([5, 10, 20, 50, 100, 300, 1000].map((people) => failuresProving(limit, people))).toEqual(failures)
})

test('durations and percentages are whole milliseconds and basis points', () => {
  expect(['90s', '30m', '24h', '3d'].map(durationMs)).toEqual([90_000, 1_800_000, 86_400_000, 259_200_000])
  expect(['2%', '2.5%', '0.07%', '100%'].map(basisPoints)).toEqual([200, 250, 7, 10_000])
})

test('a budget is rounded down to people', () => {
  expect([shareOf(200, 49), shareOf(200, 50), shareOf(100, 118), shareOf(2_900, 100)]).toEqual([0, 1, 1, 29])
})

test('durations and shares read like a person wrote them', () => {
  expect([3_600_000, 86_400_000, 259_200_000, 90_000, 5_400_000, 7].map(sayDuration)).toEqual([
    '1 h',
    '24 h',
    '3 d',
    '90 s',
    '90 min',
    '7 ms',
  ])
  expect([250, 1017, 10_000].map(sayShare)).toEqual(['2.5 %', '10.17 %', '100 %'])
})
