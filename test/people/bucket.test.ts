import { expect, test } from 'vitest'
import { bucketOf, shareEnd } from '../../src/people/bucket.ts'

const VECTORS: [string, string, number][] = [
  ['mfa-2027', '00000000-0000-0000-0000-000000000000', 8129],
  ['mfa-2027', '5e7a1c52-7b06-4a3e-9c1d-2f0b8a6d4e11', 3407],
  ['other-plan', '5e7a1c52-7b06-4a3e-9c1d-2f0b8a6d4e11', 5169],
]

test.each(VECTORS)('the place of a person never changes: %s, %s', (salt, id, bucket) => {
  expect(bucketOf(salt, id)).toBe(bucket)
})

test('the case of an object id does not matter', () => {
  const id = '5e7a1c52-7b06-4a3e-9c1d-2f0b8a6d4e11'
  expect(bucketOf('mfa-2027', id.toUpperCase())).toBe(bucketOf('mfa-2027', id))
})

test('places are spread evenly', () => {
  const tenths = Array.from({ length: 10 }, () => 0)
  for (let index = 0; index < 20_000; index++)
    tenths[Math.floor(bucketOf('even', `id-${index}`) / 1000)]! += 1
  for (const count of tenths) expect(Math.abs(count - 2_000)).toBeLessThan(200)
})

test('40 % of what is left after 10 % ends at 46 %', () => {
  expect([shareEnd(0, 1_000), shareEnd(1_000, 4_000), shareEnd(4_600, 10_000)]).toEqual([
    1_000, 4_600, 10_000,
  ])
})
