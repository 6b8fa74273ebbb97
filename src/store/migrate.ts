import { sql } from 'kysely'
import { migrations } from '../../migrations/index.ts'
import { fault } from '../errors.ts'
import { recountIfOtherwise } from './member-counts.ts'
import type { Db } from './tables.ts'

/**
 * Brings the database to this build's version. The row of a migration is claimed first, in the migration's own
 * transaction: a second process fails on the key, and finds the work done when it looks again.
 * @throws databaseTooNew when a newer build left a breaking migration behind.
 */
export async function migrate(db: Db, now: number): Promise<void> {
  await sql`create table if not exists migration (name text primary key, at bigint not null, breaking integer not null)`.execute(
    db,
  )
  const done = await db.selectFrom('migration').selectAll().execute()
  const known = new Set(migrations.map((migration) => migration.name))
  const newer = done.find((row) => row.breaking === 1 && !known.has(row.name))
  if (newer) throw fault('databaseTooNew', { migration: newer.name })
  const names = new Set(done.map((row) => row.name))
  for (const migration of migrations) {
    if (names.has(migration.name)) continue
    await claim(db, migration, now)
  }
  await recountIfOtherwise(db)
}

async function claim(db: Db, migration: (typeof migrations)[number], now: number): Promise<void> {
  await db.transaction().execute(async (tx) => {
    const claimed = await tx
      .insertInto('migration')
      .values({ name: migration.name, at: now, breaking: migration.breaking ? 1 : 0 })
      .onConflict((conflict) => conflict.doNothing())
      .executeTakeFirst()
    if (claimed.numInsertedOrUpdatedRows === 0n) return
    await migration.up(tx as never)
  })
}
