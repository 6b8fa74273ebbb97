import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import { expect, onTestFinished, test } from 'vitest'
import { migrate } from '../../src/store/migrate.ts'
import { openSqlite } from '../../src/store/sqlite.ts'
import { createStore } from '../../src/store/store.ts'

const NOW = Date.parse('2026-03-02T07:00:00Z')

test('a rollout from before revisions were kept has its plan as the first one', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'wavegate-store-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const file = join(folder, 'wavegate.db')
  const today = openSqlite(file)
  await migrate(today, NOW)
  await today.destroy()
  const old = new Sqlite(file)
  for (const table of ['plan_revision', 'file', 'file_part']) old.exec(`drop table ${table}`)
  old.exec("delete from migration where name = '0002-plan-files'")
  old.exec(`insert into rollout (id, name, change, plan_text, plan_hash, plan, target_group, target_policy, state,
    version, saved, created_at, created_by) values ('ro_1', 'one', '', 'the text', 'h1', '{}', 'g', 'p', 'draft',
    1, '{}', ${NOW}, 'mette@contoso.com')`)
  old.close()
  const db = openSqlite(file)
  await migrate(db, NOW + 1)
  const store = createStore(db)
  expect(await store.read.revisions('ro_1')).toEqual([
    {
      rolloutId: 'ro_1',
      number: 1,
      planHash: 'h1',
      text: 'the text',
      files: {},
      by: 'mette@contoso.com',
      at: NOW,
      reason: '',
    },
  ])
  await store.close()
})

test('parts of an upload that never ended are swept away, whole files stay', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'wavegate-store-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const db = openSqlite(join(folder, 'wavegate.db'))
  await migrate(db, NOW)
  const store = createStore(db)
  const whole = { digest: 'sha256:1', size: 4, name: null, uploadedBy: 'mette@contoso.com', uploadedAt: NOW }
  await store.tx(async (writer) => {
    await writer.addFilePart('one', 0, Buffer.from('ab'))
    await writer.addFilePart('one', 1, Buffer.from('cd'))
    expect(await writer.addFile('one', whole)).toBe(true)
    await writer.addFilePart('two', 0, Buffer.from('abcd'))
    expect(await writer.addFile('two', whole)).toBe(false)
    await writer.addFilePart('broken', 0, Buffer.from('ab'))
    await writer.dropBrokenUploads()
  })
  expect(Buffer.from((await store.read.fileBytes('sha256:1')) as Uint8Array).toString()).toBe('abcd')
  const parts = await db.selectFrom('file_part').select('upload').distinct().execute()
  expect(parts).toEqual([{ upload: 'one' }])
  await store.close()
})
