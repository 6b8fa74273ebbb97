import { expect, test } from 'vitest'
import { cohortReadiness } from '../../src/people/readiness.ts'

test('a person the report leaves out, or says nothing about, is never ready', () => {
  const rows = [{ id: 'a', isMfaCapable: true }, { id: 'b', isMfaCapable: false }, { id: 'c' }]
  expect(cohortReadiness(['a', 'b', 'c', 'd'], rows)).toEqual([
    { id: 'a', readiness: 'ready' },
    { id: 'b', readiness: 'notReady' },
    { id: 'c', readiness: 'unknown' },
    { id: 'd', readiness: 'unknown' },
  ])
})
