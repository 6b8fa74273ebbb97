import { type Kysely, sql } from 'kysely'

/** A build before this one would run a plan without the files it names. */
export const breaking = true

/** Files that plans name, and every revision of a plan with who made it and why. */
export async function up(db: Kysely<never>): Promise<void> {
  await db.schema
    .createTable('file')
    .addColumn('digest', 'text', (it) => it.primaryKey())
    .addColumn('upload', 'text', (it) => it.notNull())
    .addColumn('size', 'bigint', (it) => it.notNull())
    .addColumn('name', 'text')
    .addColumn('uploaded_by', 'text', (it) => it.notNull())
    .addColumn('uploaded_at', 'bigint', (it) => it.notNull())
    .execute()
  // Bytes come in parts, so that a long upload neither fills the memory nor keeps a transaction open.
  await db.schema
    .createTable('file_part')
    .addColumn('upload', 'text', (it) => it.notNull())
    .addColumn('position', 'integer', (it) => it.notNull())
    .addColumn('bytes', 'blob', (it) => it.notNull())
    .addPrimaryKeyConstraint('file_part_key', ['upload', 'position'] as never)
    .execute()
  await db.schema
    .createTable('plan_revision')
    .addColumn('rollout_id', 'text', (it) => it.notNull())
    .addColumn('number', 'integer', (it) => it.notNull())
    .addColumn('plan_hash', 'text', (it) => it.notNull())
    .addColumn('text', 'text', (it) => it.notNull())
    .addColumn('files', 'text', (it) => it.notNull())
    .addColumn('by', 'text', (it) => it.notNull())
    .addColumn('at', 'bigint', (it) => it.notNull())
    .addColumn('reason', 'text', (it) => it.notNull())
    .addPrimaryKeyConstraint('plan_revision_key', ['rollout_id', 'number'] as never)
    .execute()
  await sql`insert into plan_revision (rollout_id, number, plan_hash, text, files, "by", at, reason)
    select id, 1, plan_hash, plan_text, '{}', created_by, created_at, '' from rollout`.execute(db)
}
