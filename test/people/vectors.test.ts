import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { bucketOf } from '../../src/people/bucket.ts'
import { inOrder, spreadOver } from '../../src/people/pick.ts'
import { person } from './people.ts'

const page = readFileSync(new URL('../../docs/selectors.md', import.meta.url), 'utf8')

/** Rows of the tables whose first cells look like these, as cells without marks. */
function rows(pattern: RegExp): string[][] {
  return page
    .split('\n')
    .filter((line) => pattern.test(line))
    .map((line) =>
      line
        .split('|')
        .map((cell) => cell.replaceAll('`', '').trim())
        .slice(1, -1),
    )
}

test('the published buckets are the ones of this code', () => {
  const published = rows(/^\| `[a-z0-9-]+` \| `[0-9a-f-]{36}` \|/)
  expect(published).toHaveLength(3)
  for (const [salt, id, bucket] of published) expect(bucketOf(salt!, id!)).toBe(Number(bucket))
})

test('the published spread pick is the one of this code', () => {
  const published = rows(/^\| `[0-9a-f-]{36}` \|/)
  expect(published).toHaveLength(5)
  const bucket = (id: string) => bucketOf('mfa-2027', id)
  const people = published.map(([id, department]) =>
    person(id!, { department: department === '(none)' ? undefined : department }),
  )
  const order = spreadOver(inOrder(people, bucket), 'department').map(({ id }) => id)
  for (const [id, , number, , place] of published) {
    expect([bucket(id!), order.indexOf(id!) + 1]).toEqual([Number(number), Number(place)])
  }
})
