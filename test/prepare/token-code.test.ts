import { expect, test } from 'vitest'
import { createSecretBox } from '../../src/engine/secret-box.ts'
import { tokenCode, untilNextCode } from '../../src/prepare/token-code.ts'

// RFC 6238, appendix B; its eight digits end with the six that a token shows.
const SHA1 = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ'
const SHA256 = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQGEZA'

test.each([
  [59, '287082', '119246'],
  [1_111_111_109, '081804', '084774'],
  [20_000_000_000, '353130', '737706'],
])('at %i seconds a token shows what RFC 6238 says', (at, sha1, sha256) => {
  expect(tokenCode({ secret: SHA1, seconds: 30, hash: 'hmacsha1' }, at * 1000)).toBe(sha1)
  expect(tokenCode({ secret: SHA256, seconds: 30, hash: 'hmacsha256' }, at * 1000)).toBe(sha256)
})

test('a token of a minute shows the same for a minute', () => {
  const token = { secret: SHA1, seconds: 60, hash: 'hmacsha1' }
  expect(tokenCode(token, 59_999)).toBe(tokenCode(token, 0))
  expect(tokenCode(token, 60_000)).toBe(tokenCode({ ...token, seconds: 30 }, 30_000))
  expect(untilNextCode(token, 61_000)).toBe(59_000)
})

test('a sealed secret opens with its key, in its place, undamaged, and not otherwise', () => {
  const key = 'a key for tests, longer than a word is'
  const box = createSecretBox(key, 'one')
  const sealed = box.seal(SHA1, 'row 1')
  expect(sealed).not.toContain(SHA1)
  expect(box.seal(SHA1, 'row 1')).not.toBe(sealed)
  expect(createSecretBox(key, 'one').open(sealed, 'row 1')).toBe(SHA1)
  expect(box.open(sealed, 'row 2')).toBeUndefined()
  expect(createSecretBox(`${key}!`, 'one').open(sealed, 'row 1')).toBeUndefined()
  const place = sealed.length - 8
  const damaged = sealed.slice(0, place) + (sealed[place] === 'A' ? 'B' : 'A') + sealed.slice(place + 1)
  expect(box.open(damaged, 'row 1')).toBeUndefined()
  expect(box.open('v1.', 'row 1')).toBeUndefined()
})
