import type { Kysely } from 'kysely'

/** An older build leaves both alone. */
export const breaking = false

/** Who asked for whose temporary access pass, and whose sessions were ended. The pass itself stands nowhere. */
export async function up(db: Kysely<never>): Promise<void> {
  await db.schema
    .createTable('access_pass')
    .addColumn('id', 'integer', (it) => it.primaryKey().autoIncrement())
    .addColumn('person_id', 'text', (it) => it.notNull())
    .addColumn('rollout_id', 'text')
    .addColumn('asked_by', 'text', (it) => it.notNull())
    .addColumn('asked_at', 'bigint', (it) => it.notNull())
    .addColumn('reason', 'text', (it) => it.notNull())
    .addColumn('confirmed_by', 'text')
    .addColumn('confirmed_at', 'bigint')
    .addColumn('replaces', 'text')
    .addColumn('sent_at', 'bigint')
    .addColumn('answer', 'text')
    .addColumn('answered_at', 'bigint')
    .addColumn('pass_id', 'text')
    .addColumn('request_id', 'text')
    .addColumn('client_request_id', 'text')
    .execute()
  await db.schema.createIndex('access_pass_of_person').on('access_pass').columns(['person_id']).execute()
  await db.schema
    .createTable('session_revocation')
    .addColumn('rollout_id', 'text', (it) => it.notNull())
    .addColumn('person_id', 'text', (it) => it.notNull())
    .addColumn('wave_id', 'text', (it) => it.notNull())
    .addColumn('outcome', 'text', (it) => it.notNull())
    .addColumn('reason', 'text')
    .addColumn('at', 'bigint', (it) => it.notNull())
    .addPrimaryKeyConstraint('session_revocation_key', ['rollout_id', 'person_id'] as never)
    .execute()
}
