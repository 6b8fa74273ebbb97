import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { beginRollout } from '../../src/engine/step.ts'
import { migrate } from '../../src/store/migrate.ts'
import { StaleInstance } from '../../src/store/rollouts.ts'
import { openSqlite } from '../../src/store/sqlite.ts'
import { createStore, type Store, type Writer } from '../../src/store/store.ts'

const NOW = Date.parse('2026-03-02T07:00:00Z')

let folder: string
let file: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'wavegate-store-'))
  file = join(folder, 'wavegate.db')
})

afterEach(() => rmSync(folder, { recursive: true }))

async function opened(): Promise<Store> {
  const db = openSqlite(file)
  await migrate(db, NOW)
  return createStore(db)
}

async function insertRollout(writer: Writer, id = 'ro_1'): Promise<void> {
  const { saved } = beginRollout({ waves: 1, recheckMs: 1000, rollbackWindowMs: 1000 })
  await writer.insertRollout({
    id,
    name: 'one',
    change: '',
    planText: '',
    planHash: '',
    plan: '{}',
    targetGroup: 'a group',
    targetPolicy: 'a policy',
    groupId: null,
    policyId: null,
    state: 'draft',
    saved,
    createdAt: NOW,
    createdBy: 'mette@contoso.com',
    startedBy: null,
    runAfter: null,
  })
}

const PLACE = { effect: 'groupMember', target: 'gr_1', rolloutId: 'ro_1', waveId: 'wv_1', at: NOW }

test('a database of this version is left as it is', async () => {
  const first = await opened()
  await first.tx((writer) => insertRollout(writer))
  await first.close()
  const again = await opened()
  expect((await again.read.rollouts()).map((rollout) => rollout.id)).toEqual(['ro_1'])
  await again.close()
})

test('a database that a newer wavegate has changed is refused, and left as it is', async () => {
  await (await opened()).close()
  const db = new Sqlite(file)
  db.prepare('insert into migration (name, at, breaking) values (?, ?, 1)').run('9999-later', NOW)
  db.close()
  const newer = openSqlite(file)
  await expect(migrate(newer, NOW)).rejects.toMatchObject({
    code: 'databaseTooNew',
    details: { migration: '9999-later' },
  })
  await newer.destroy()
})

test('a database that a newer wavegate has only added to is read', async () => {
  await (await opened()).close()
  const db = new Sqlite(file)
  db.prepare('insert into migration (name, at, breaking) values (?, ?, 0)').run('9999-later', NOW)
  db.close()
  await (await opened()).close()
})

test('two processes do not serve one database', async () => {
  const first = await opened()
  expect(() => openSqlite(file)).toThrowError(expect.objectContaining({ code: 'databaseLocked' }))
  await first.close()
  await (await opened()).close()
})

test('a file that is no database is refused by name', () => {
  expect(() => openSqlite(folder)).toThrowError(expect.objectContaining({ code: 'databaseUnreadable' }))
})

test('a transaction is kept whole or not at all, and its events are told only when it is kept', async () => {
  const store = await opened()
  const told: string[] = []
  store.onCommit((events) => told.push(...events.map((event) => event.type)))
  const failed = store.tx(async (writer) => {
    await insertRollout(writer)
    await writer.append({ at: NOW, rolloutId: 'ro_1', type: 'lost', actor: 'wavegate' })
    throw new Error('the disk is full')
  })
  await expect(failed).rejects.toThrow('the disk is full')
  expect(await store.read.rollouts()).toEqual([])
  expect(await store.read.events(null, 0, 10)).toEqual([])
  await store.tx(async (writer) => {
    await insertRollout(writer)
    await writer.append({ at: NOW, rolloutId: 'ro_1', type: 'kept', actor: 'wavegate' })
  })
  expect(told).toEqual(['kept'])
  await store.close()
})

test('who moves an instance on from a version that is no longer there is refused', async () => {
  const store = await opened()
  await store.tx((writer) => insertRollout(writer))
  const { saved, version } = (await store.read.rollout('ro_1')) ?? { saved: undefined as never, version: 0 }
  await store.tx((writer) => writer.saveInstance('rollout', 'ro_1', version, 'running', saved))
  const late = store.tx((writer) => writer.saveInstance('rollout', 'ro_1', version, 'aborted', saved))
  await expect(late).rejects.toBeInstanceOf(StaleInstance)
  expect((await store.read.rollout('ro_1'))?.state).toBe('running')
  await store.close()
})

test('the numbers of events rise, also across a restart and beside writers at the same time', async () => {
  const append = (store: Store, type: string) =>
    store.tx((writer) => writer.append({ at: NOW, rolloutId: null, type, actor: 'wavegate' }))
  const first = await opened()
  await Promise.all(['a', 'b', 'c'].map((type) => append(first, type)))
  await first.close()
  const again = await opened()
  await append(again, 'd')
  const events = await again.read.events(null, 0, 10)
  expect(events.map((event) => event.type)).toEqual(['a', 'b', 'c', 'd'])
  const seqs = events.map((event) => event.seq)
  expect(new Set(seqs).size).toBe(4)
  expect(seqs).toEqual(seqs.toSorted((a, b) => a - b))
  expect((await again.read.events(null, seqs[1] as number, 10)).map((event) => event.type)).toEqual([
    'c',
    'd',
  ])
  await again.close()
})

test('the first before-image stays until it is closed; the next change records a new one', async () => {
  const store = await opened()
  const image = async () => (await store.read.openImages('groupMember', 'gr_1', ['p1'])).get('p1')
  await store.tx((writer) => writer.recordImages(PLACE, [{ personId: 'p1', image: { member: false } }]))
  await store.tx((writer) =>
    writer.recordImages({ ...PLACE, at: NOW + 1 }, [{ personId: 'p1', image: { member: true } }]),
  )
  expect(await image()).toMatchObject({ image: { member: false }, recordedAt: NOW })
  const { id } = (await image()) ?? { id: 0 }
  await store.tx((writer) => writer.closeImages([id], NOW + 2))
  expect(await image()).toBeUndefined()
  await store.tx((writer) =>
    writer.recordImages({ ...PLACE, at: NOW + 3 }, [{ personId: 'p1', image: { member: true } }]),
  )
  expect(await image()).toMatchObject({ image: { member: true }, recordedAt: NOW + 3 })
  await store.close()
})

test('an answer that comes late does not replace the one that stands', async () => {
  const store = await opened()
  const [attempt] = await store.tx((writer) => writer.intend(PLACE, 'apply', [{ personId: 'p1', number: 1 }]))
  await store.tx((writer) => writer.answer([attempt as number], NOW, 'unknown', {}))
  await store.tx((writer) => writer.answer([attempt as number], NOW + 1, 'accepted', { requestId: 'late' }))
  const [kept] = (await store.read.attempts('groupMember', 'gr_1', ['p1'])).get('p1') ?? []
  expect(kept).toMatchObject({ answer: 'unknown', answeredAt: NOW, requestId: null })
  await store.close()
})

test('a task is taken once; what a crash left running is ready again', async () => {
  const store = await opened()
  await store.tx((writer) => writer.enqueue({ kind: 'work', lane: 'wv_1', data: {}, runAt: NOW }))
  const [task] = await store.read.readyTasks(NOW, 10)
  const take = () => store.tx((writer) => writer.takeTask(task?.id ?? 0))
  expect([await take(), await take()]).toEqual([true, false])
  expect(await store.read.readyTasks(NOW, 10)).toEqual([])
  await store.tx((writer) => writer.releaseTasks())
  expect(await store.read.readyTasks(NOW, 10)).toMatchObject([{ tries: 1 }])
  await store.close()
})

test('what is due already hides nothing of what falls due later', async () => {
  const store = await opened()
  await store.tx(async (writer) => {
    await writer.enqueue({ kind: 'work', lane: 'wv_1', data: {}, runAt: NOW - 5 })
    await writer.setTimer('wv_1', 1, NOW - 1, 'soak')
    await writer.setTimer('wv_2', 1, NOW + 7, 'soak')
  })
  expect(await store.read.nextDue(NOW)).toEqual({ waitedFor: NOW + 7, inPassing: null })
  expect((await store.read.dueTimers(NOW)).map((timer) => timer.instance)).toEqual(['wv_1'])
  await store.close()
})

test('what only happens in passing, a regular look or a reminder to people, is told apart from what is waited for', async () => {
  const store = await opened()
  expect(await store.read.nextDue(NOW)).toEqual({ waitedFor: null, inPassing: null })
  await store.tx(async (writer) => {
    await writer.enqueue({ kind: 'look', lane: 'look', data: {}, runAt: NOW + 3 })
    await writer.enqueue({ kind: 'work', lane: 'wv_1', data: {}, runAt: NOW + 5 })
    await writer.setTimer('wv_1', 1, NOW + 2, 'approval')
    await writer.setTimer('wv_2', 1, NOW + 4, 'soak')
  })
  expect(await store.read.nextDue(NOW)).toEqual({ waitedFor: NOW + 4, inPassing: NOW + 2 })
  await store.tx((writer) => writer.setTimer('wv_2', 2, null, ''))
  expect(await store.read.nextDue(NOW + 2)).toEqual({ waitedFor: NOW + 5, inPassing: NOW + 3 })
  await store.close()
})

test('who looks for work is told of commits that change what waits, and of no others', async () => {
  const store = await opened()
  let told = 0
  store.onWork(() => told++)
  await store.tx((writer) => writer.setSetting('name', 'value'))
  expect(told).toBe(0)
  await store.tx((writer) => writer.enqueue({ kind: 'work', lane: 'wv_1', data: {}, runAt: NOW }))
  expect(told).toBe(1)
  const [task] = await store.read.readyTasks(NOW, 1)
  await store.tx((writer) => writer.takeTask(task?.id ?? 0))
  expect(told).toBe(1)
  await store.tx((writer) => writer.postponeTask(task?.id ?? 0, NOW + 1))
  await store.tx((writer) => writer.setTimer('wv_1', 1, NOW, 'soak'))
  expect(told).toBe(3)
  const refused = store.tx(async (writer) => {
    await writer.setTimer('wv_1', 2, NOW, 'soak')
    throw new Error('taken back')
  })
  await expect(refused).rejects.toThrow('taken back')
  expect(told).toBe(3)
  await store.close()
})

test('a new timer of an instance replaces the old one, and the old one’s token removes nothing', async () => {
  const store = await opened()
  await store.tx((writer) => writer.setTimer('wv_1', 1, NOW, 'soak'))
  await store.tx((writer) => writer.setTimer('wv_1', 2, NOW + 1, 'soak'))
  await store.tx((writer) => writer.dropTimer('wv_1', 1))
  expect(await store.read.dueTimers(NOW + 1)).toMatchObject([{ instance: 'wv_1', token: 2 }])
  await store.tx((writer) => writer.setTimer('wv_1', 3, null, ''))
  expect(await store.read.dueTimers(NOW + 1)).toEqual([])
  await store.close()
})

test('a row of the sign-in log that comes again is kept once, as corrected', async () => {
  const store = await opened()
  const row = (code: number) => ({ id: 's1', personId: 'p1', at: NOW, row: { code } })
  await store.tx(async (writer) => {
    await insertRollout(writer)
    const member = {
      rolloutId: 'ro_1',
      waveId: 'wv_1',
      personId: 'p1',
      upn: 'p1@contoso.com',
      displayName: 'P',
      position: 0,
    }
    await writer.insertMembers([member])
    await writer.saveSignIns([row(50074)], NOW)
  })
  await store.tx((writer) => writer.saveSignIns([row(0)], NOW + 1))
  expect(await store.read.signInsOf(['p1'], 0)).toEqual(new Map([['p1', [{ code: 0 }]]]))
  await store.close()
})
