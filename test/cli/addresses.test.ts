import { globSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { served } from '../api/served.ts'

/** `/rollouts/${id}/plan` and `/rollouts/{id}/plan` are one. */
function general(address: string): string {
  return address.replace(/\$?\{[^}]*\}/g, '*')
}

test('whatever the command line calls, the API has', async () => {
  const { call } = await served()
  const { body } = await call('GET', '/openapi.json', { as: null })
  const known = new Set(Object.keys(body.paths).map((path) => general(path.replace('/api/v1', ''))))
  const asked = globSync('src/cli/**/*.ts').flatMap((file) =>
    [...readFileSync(file, 'utf8').matchAll(/\bpath`([^`]+)`/g)].map(([, address = '']) => general(address)),
  )
  expect(asked.length).toBeGreaterThan(20)
  // A verb is a part of the address like any other.
  const isKnown = (address: string) =>
    [...known].some((one) => new RegExp(`^${address.replaceAll('*', '[^/]+')}$`).test(one))
  expect(asked.filter((address) => !isKnown(address))).toEqual([])
})
