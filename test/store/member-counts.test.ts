import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Outcome, Restore } from '../../src/store/members.ts'
import { OUTCOMES, RESTORES } from '../../src/store/members.ts'
import { migrate } from '../../src/store/migrate.ts'
import { openSqlite } from '../../src/store/sqlite.ts'
import { createStore } from '../../src/store/store.ts'
import type { Db } from '../../src/store/tables.ts'

let folder: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'wavegate-counts-'))
})

afterEach(() => rmSync(folder, { recursive: true }))

async function opened(file: string): Promise<Db> {
  const db = openSqlite(join(folder, file))
  await migrate(db, 0)
  return db
}

const PEOPLE = Array.from({ length: 12 }, (_, place) => `p${place}`)

function membersOf(rolloutId: string) {
  return PEOPLE.map((personId, place) => ({
    rolloutId,
    waveId: `${rolloutId}.${place % 2}`,
    personId,
    upn: `${personId}@contoso.com`,
    displayName: personId,
    position: place,
  }))
}

const change = fc.record({
  rollout: fc.constantFrom('a', 'b'),
  people: fc.uniqueArray(fc.constantFrom(...PEOPLE, 'nobody'), { minLength: 1 }),
  values: fc.record(
    {
      outcome: fc.constantFrom<Outcome>(...OUTCOMES),
      deferred: fc.constantFrom(null, 'notReady', 'away'),
      restore: fc.constantFrom<Restore | null>(null, ...RESTORES),
      requested_at: fc.constantFrom(null, 1),
      in_place_at: fc.constantFrom(null, 2, 3),
      proven_at: fc.constantFrom(null, 1),
      locked_out_at: fc.constantFrom(null, 1),
      locked_out_now: fc.constantFrom<0 | 1>(0, 1),
      per_user_mfa: fc.constantFrom(null, 'retired', 'keeps'),
    },
    { requiredKeys: ['outcome'] },
  ),
})

test('whatever changes about members, the counts kept of a wave are those of its members', async () => {
  let run = 0
  await fc.assert(
    fc.asyncProperty(fc.array(change, { maxLength: 15 }), async (changes) => {
      const db = await opened(`${run++}.db`)
      const store = createStore(db)
      await store.tx(async (writer) => {
        for (const rollout of ['a', 'b']) await writer.insertMembers(membersOf(rollout))
      })
      for (const { rollout, people, values } of changes) {
        await store.tx((writer) => writer.setMembers(rollout, people, values))
      }
      for (const wave of ['a.0', 'a.1', 'b.0', 'b.1']) {
        const members = await store.read.membersOf(wave)
        const count = (is: (one: (typeof members)[number]) => boolean) => members.filter(is).length
        const times = members.flatMap(({ inPlaceAt }) => inPlaceAt ?? [])
        expect(await store.read.counts(wave)).toEqual({
          members: members.length,
          tried: count(
            (one) => one.outcome !== 'gone' && (one.deferred === null || one.requestedAt !== null),
          ),
          deferred: count((one) => one.deferred !== null),
          away: count((one) => one.deferred === 'away'),
          pending: count((one) => one.deferred === null && one.outcome === 'pending'),
          inPlace: count(
            (one) =>
              ['done', 'already'].includes(one.outcome) && !['restored', 'gone'].includes(one.restore ?? ''),
          ),
          already: count((one) => one.outcome === 'already'),
          failed: count((one) => one.outcome === 'failed'),
          unknown: count((one) => one.deferred === null && one.outcome === 'unknown'),
          gone: count((one) => one.outcome === 'gone'),
          skipped: count((one) => one.outcome === 'skipped'),
          proven: count((one) => one.provenAt !== null),
          everLockedOut: count((one) => one.lockedOutAt !== null),
          lockedOutNow: count((one) => one.lockedOutNow),
          restored: count((one) => one.restore === 'restored'),
          restoreFailed: count((one) => one.restore === 'failed'),
          restoreUnknown: count((one) => one.restore === 'unknown'),
          leftIn: count((one) => one.restore === 'leftIn'),
          perUserRetired: count((one) => one.perUserMfa === 'retired'),
          perUserFailed: count(
            (one) =>
              (one.perUserMfa === 'failed' || one.perUserMfa === 'unknown') &&
              one.deferred === null &&
              one.restore === null,
          ),
          perUserKept: count(
            (one) => one.perUserMfa === 'keeps' && one.deferred === null && one.restore === null,
          ),
          moved: 0,
          leftOver: (await store.read.leftovers(wave.slice(0, 1))).filter((one) => one.waveId === wave)
            .length,
          inPlaceAt: times.length === 0 ? null : Math.max(...times),
        })
      }
      await store.close()
    }),
    { numRuns: 25 },
  )
})

test('who moves to a later wave is counted there, and what they were stays counted in the one they leave', async () => {
  const store = createStore(await opened('moved.db'))
  await store.tx((writer) => writer.insertMembers(membersOf('a')))
  await store.tx((writer) =>
    writer.setMembers('a', ['p0'], { outcome: 'failed', requested_at: 1, proven_at: 2 }),
  )
  await store.tx((writer) => writer.moveMembers({ rolloutId: 'a', waveId: 'a.1', at: 3 }, ['p0']))
  const [left, joined] = [await store.read.counts('a.0'), await store.read.counts('a.1')]
  expect(left).toMatchObject({ members: 6, moved: 1, tried: 6, proven: 1, failed: 0, pending: 5 })
  expect(joined).toMatchObject({ members: 7, moved: 0, pending: 7 })
  await store.close()
})

test('a database of before there were counts, or counted otherwise, is counted when it is opened', async () => {
  const db = await opened('one.db')
  const store = createStore(db)
  await store.tx((writer) => writer.insertMembers(membersOf('a')))
  await store.tx((writer) => writer.setMembers('a', ['p0', 'p2'], { outcome: 'done', in_place_at: 7 }))
  const counted = await store.read.counts('a.0')
  expect(counted).toMatchObject({ members: 6, inPlace: 2, leftOver: 4, inPlaceAt: 7 })
  await db.deleteFrom('member_count').execute()
  await db.updateTable('setting').set({ value: 'otherwise' }).where('name', '=', 'memberCounts').execute()
  await store.close()
  const again = await opened('one.db')
  expect(await createStore(again).read.counts('a.0')).toEqual(counted)
  await again.destroy()
})

test('whoever writes members counts them', () => {
  const src = new URL('../../src/', import.meta.url)
  const writes = /(?:insertInto|updateTable|deleteFrom)\('member'\)/
  const files = readdirSync(src, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'))
  const texts = files
    .map((file) => readFileSync(new URL(file, src), 'utf8'))
    .filter((text) => writes.test(text))
  expect(texts.length).toBeGreaterThan(0)
  for (const text of texts) {
    const all = text.match(new RegExp(writes, 'g')) ?? []
    const counted = text.match(/await counting\(/g) ?? []
    expect(counted).toHaveLength(all.length)
  }
})
