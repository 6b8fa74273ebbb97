import type { Kysely } from 'kysely'

export const breaking = false

/** What only an owner knows of an account, with the answer that was given. */
export async function up(db: Kysely<never>): Promise<void> {
  await db.schema
    .createTable('question')
    .addColumn('id', 'text', (it) => it.primaryKey())
    .addColumn('person_id', 'text', (it) => it.notNull())
    .addColumn('kind', 'text', (it) => it.notNull())
    .addColumn('owner_id', 'text')
    .addColumn('says', 'text', (it) => it.notNull())
    .addColumn('evidence', 'text', (it) => it.notNull())
    .addColumn('asked_at', 'bigint', (it) => it.notNull())
    .addColumn('withdrawn_at', 'bigint')
    .addColumn('answer', 'text')
    .execute()
  await db.schema.createIndex('question_person').on('question').columns(['person_id']).execute()
}
