import type { Kysely } from 'kysely'

/** An older build would take adopted people for strangers, and could not read a rollout that is graduated. */
export const breaking = true

/** Who asked for people to be adopted and who approved; policies that cover all users, and how they come back. */
export async function up(db: Kysely<never>): Promise<void> {
  await db.schema
    .createTable('adoption_request')
    .addColumn('rollout_id', 'text', (it) => it.notNull())
    .addColumn('verb', 'text', (it) => it.notNull())
    .addColumn('people', 'text', (it) => it.notNull())
    .addColumn('asked_by', 'text', (it) => it.notNull())
    .addColumn('asked_reason', 'text', (it) => it.notNull())
    .addColumn('asked_at', 'bigint', (it) => it.notNull())
    .addColumn('approved_by', 'text')
    .addColumn('approved_reason', 'text')
    .addColumn('approved_at', 'bigint')
    .addPrimaryKeyConstraint('adoption_request_key', ['rollout_id', 'verb'] as never)
    .execute()
  await db.schema
    .createTable('graduation')
    .addColumn('rollout_id', 'text', (it) => it.primaryKey())
    .addColumn('group_id', 'text')
    .addColumn('is_ours', 'bigint', (it) => it.notNull())
    .addColumn('narrow', 'text')
    .addColumn('wide_at', 'bigint')
    .execute()
}
