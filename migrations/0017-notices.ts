import type { Kysely } from 'kysely'

/** An older build would switch people whom a notice still has to reach. */
export const breaking = true

/** Mails to people about their own switch: one row a person, wave and notice. */
export async function up(db: Kysely<never>): Promise<void> {
  await db.schema
    .createTable('notice')
    .addColumn('rollout_id', 'text', (it) => it.notNull())
    .addColumn('wave_id', 'text', (it) => it.notNull())
    .addColumn('person_id', 'text', (it) => it.notNull())
    .addColumn('notice', 'text', (it) => it.notNull())
    .addColumn('moment', 'text', (it) => it.notNull())
    .addColumn('lead_ms', 'bigint', (it) => it.notNull())
    .addColumn('is_first', 'integer', (it) => it.notNull())
    .addColumn('is_last', 'integer', (it) => it.notNull())
    .addColumn('state', 'text', (it) => it.notNull())
    .addColumn('reason', 'text')
    .addColumn('address', 'text')
    .addColumn('language', 'text')
    .addColumn('says_at', 'bigint')
    .addColumn('asked_at', 'bigint')
    .addColumn('at', 'bigint')
    .addColumn('request_id', 'text')
    .addPrimaryKeyConstraint('notice_key', ['wave_id', 'person_id', 'notice'] as never)
    .execute()
  await db.schema.createIndex('notice_of_person').on('notice').columns(['rollout_id', 'person_id']).execute()
}
