import { expect, test } from 'vitest'
import { served } from '../api/served.ts'
import { TEST_USER } from '../engine/plan-of-waves.ts'
import { wavegate } from './run.ts'

test('people: gathered while one watches, listed by verdict, shown with the age of each fact', async () => {
  const all = await served()
  const as = { WAVEGATE_URL: all.server.url, WAVEGATE_TOKEN: all.tokens.changeManager }
  const before = await wavegate(as, ['people', 'gather'])
  expect(before).toMatchObject({ code: 0 })
  expect(before.out).toMatch(/^SOURCE +STATE +READ +ROWS +CALLS +WHY NOT$/m)
  expect(before.out).toMatch(/^account +\S+ +never +0 /m)

  const watched = await wavegate(as, ['people', 'gather', '--reason', 'before the plan', '--watch'])
  expect(watched).toMatchObject({ code: 0 })
  const after = await wavegate(as, ['people', 'gather'])
  expect(after.out).toMatch(/^account +read +2026-03-02 /m)

  const listed = await wavegate(as, ['people', 'list', '--verdict', 'ready', '--limit', '3'])
  expect(listed.out).toMatch(/^PERSON +VERDICT +WHY$/m)
  expect(listed.out.match(/^\S+@\S+ +ready /gm)).toHaveLength(3)
  expect(listed.err).toContain('There are more: --cursor ')

  const one = await wavegate(as, ['people', 'show', TEST_USER])
  expect(one).toMatchObject({ code: 0, err: '' })
  expect(one.out).toContain(TEST_USER)
  const nobody = await wavegate(as, ['people', 'show', 'nobody@contoso.com'])
  expect(nobody.code).toBe(1)
  expect(nobody.err).toContain('error personUnknown')
})
