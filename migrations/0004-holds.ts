import type { Kysely } from 'kysely'

/** An older build knows neither waves beyond the plan nor people who wait for a second person. */
export const breaking = true

/** Who was deferred by whom until when; who moved from one wave to a later one; who was taken back and let in again. */
export async function up(db: Kysely<never>): Promise<void> {
  await db.schema.alterTable('member').addColumn('parked_at', 'bigint').execute()
  await db.schema.alterTable('member').addColumn('released_at', 'bigint').execute()
  await db.schema.alterTable('member').addColumn('left_in_by', 'text').execute()
  await db.schema.alterTable('member').addColumn('confirmed_by', 'text').execute()
  await db.schema
    .createTable('deferral')
    .addColumn('rollout_id', 'text', (it) => it.notNull())
    .addColumn('person_id', 'text', (it) => it.notNull())
    .addColumn('upn', 'text', (it) => it.notNull())
    .addColumn('until', 'bigint', (it) => it.notNull())
    .addColumn('by', 'text', (it) => it.notNull())
    .addColumn('approver', 'text', (it) => it.notNull())
    .addColumn('reason', 'text', (it) => it.notNull())
    .addColumn('at', 'bigint', (it) => it.notNull())
    .addPrimaryKeyConstraint('deferral_key', ['rollout_id', 'person_id'] as never)
    .execute()
  await db.schema
    .createTable('moved_member')
    .addColumn('id', 'integer', (it) => it.primaryKey().autoIncrement())
    .addColumn('rollout_id', 'text', (it) => it.notNull())
    .addColumn('person_id', 'text', (it) => it.notNull())
    .addColumn('upn', 'text', (it) => it.notNull())
    .addColumn('from_wave', 'text', (it) => it.notNull())
    .addColumn('to_wave', 'text', (it) => it.notNull())
    .addColumn('at', 'bigint', (it) => it.notNull())
    .addColumn('was', 'text', (it) => it.notNull())
    .addColumn('requested_at', 'bigint')
    .addColumn('proven_at', 'bigint')
    .addColumn('locked_out_at', 'bigint')
    .execute()
  await db.schema.createIndex('moved_member_from').on('moved_member').columns(['from_wave']).execute()
}
