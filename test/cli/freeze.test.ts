import { expect, test } from 'vitest'
import { served } from '../api/served.ts'
import { wavegate } from './run.ts'

test('freeze says since when and by whom, a second one that it was so already, and thaw that nothing is frozen', async () => {
  const all = await served()
  const as = { WAVEGATE_URL: all.server.url, WAVEGATE_TOKEN: all.tokens.onCall }
  const dry = await wavegate(as, ['freeze', '--reason', 'payroll', '--dry-run'])
  expect(dry.out).toContain('Nothing is frozen.')
  const frozen = await wavegate(as, ['freeze', '--reason', 'payroll'])
  expect(frozen).toMatchObject({ code: 0, err: '' })
  expect(frozen.out).toMatch(/^Frozen since 2026-03-02T\S+ by onCall@contoso\.com: payroll\.$/m)
  expect((await wavegate(as, ['freeze', '--reason', 'again'])).out).toContain('payroll')
  expect((await wavegate(as, ['thaw', '--reason', 'paid'])).out).toMatch(/^Nothing is frozen\.$/m)
})
