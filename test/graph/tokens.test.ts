import { expect, test } from 'vitest'
import { createTokens } from '../../src/graph/credential.ts'

const HOUR = 3_600_000

/** A credential that counts how often it is asked; each token lives an hour. */
function counting(now: () => number, refreshAfter?: number) {
  let asked = 0
  const getToken = async () => ({
    token: `token-${++asked}`,
    expiresOnTimestamp: now() + HOUR,
    ...(refreshAfter === undefined ? {} : { refreshAfterTimestamp: now() + refreshAfter }),
  })
  return { source: () => ({ getToken }), asked: () => asked }
}

test('a token is used until five minutes before its end, and its credential asked once for all those calls', async () => {
  let now = 0
  const credential = counting(() => now)
  const tokens = createTokens(credential.source, { now: () => now })
  expect([await tokens.get(), await tokens.get()]).toEqual(['token-1', 'token-1'])
  now = HOUR - 300_001
  expect(await tokens.get()).toBe('token-1')
  expect(credential.asked()).toBe(1)
  now = HOUR - 300_000
  expect(await tokens.get()).toBe('token-2')
})

test('a token that was refused, or that its authority wants replaced, is not used again', async () => {
  let now = 0
  const credential = counting(() => now, 60_000)
  const tokens = createTokens(credential.source, { now: () => now })
  const first = await tokens.get()
  tokens.refused(first)
  expect(await tokens.get()).toBe('token-2')
  now = 60_000
  expect(await tokens.get()).toBe('token-3')
})

test('without the machine’s time the credential decides each time', async () => {
  const credential = counting(() => 0)
  const tokens = createTokens(credential.source)
  expect([await tokens.get(), await tokens.get()]).toEqual(['token-1', 'token-2'])
})
