import type { Kysely } from 'kysely'

/** An older build would take waves up that were begun ahead of their turn. */
export const breaking = true

/** What is done to people before the switch, and before when nobody is changed. */
export async function up(db: Kysely<never>): Promise<void> {
  await db.schema
    .createTable('preparation')
    .addColumn('rollout_id', 'text', (it) => it.notNull())
    .addColumn('person_id', 'text', (it) => it.notNull())
    .addColumn('step', 'text', (it) => it.notNull())
    .addColumn('wave_id', 'text', (it) => it.notNull())
    .addColumn('outcome', 'text', (it) => it.notNull())
    .addColumn('reason', 'text')
    .addColumn('wanted', 'text')
    .addColumn('at', 'bigint', (it) => it.notNull())
    .addColumn('restore', 'text')
    .addColumn('restore_reason', 'text')
    .addColumn('restored_at', 'bigint')
    .addPrimaryKeyConstraint('preparation_key', ['rollout_id', 'person_id', 'step'] as never)
    .execute()
  await db.schema
    .createIndex('preparation_of_wave')
    .on('preparation')
    .columns(['wave_id', 'step', 'outcome'])
    .execute()
  await db.schema.alterTable('member').addColumn('not_before', 'bigint').execute()
}
