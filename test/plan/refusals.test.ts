import { expect, test } from 'vitest'
import { loadPlan } from '../../src/plan/load.ts'
import { formatProblem } from '../../src/plan/problem.ts'
import { REFUSALS } from './refusals.ts'

test('every wrong plan is refused with line, column, code and a hint', async () => {
  const answers = Object.entries(REFUSALS).map(([what, text]) => {
    const loaded = loadPlan(text)
    const lines = loaded.ok
      ? ['ACCEPTED']
      : loaded.problems.map((problem) => formatProblem('plan.yaml', problem))
    return `## ${what}\n${lines.join('\n')}\n`
  })
  await expect(answers.join('\n')).toMatchFileSnapshot('refusals.golden.txt')
  expect(answers.filter((answer) => answer.includes('ACCEPTED'))).toEqual([])
})
