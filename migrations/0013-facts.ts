import type { Kysely } from 'kysely'

export const breaking = false

const SOURCES = [
  'account',
  'registration',
  'roles',
  'activity',
  'legacy',
  'rhythm',
  'per_user_mfa',
  'phones',
  'methods',
]

/** What is known of each person, a column and its age a source; and how far the reading of each source is. */
export async function up(db: Kysely<never>): Promise<void> {
  let facts = db.schema
    .createTable('person_facts')
    .addColumn('person_id', 'text', (it) => it.primaryKey())
    .addColumn('upn', 'text', (it) => it.notNull())
    .addColumn('display_name', 'text', (it) => it.notNull())
    .addColumn('gone_at', 'bigint')
    .addColumn('failed', 'text')
  for (const source of SOURCES) facts = facts.addColumn(source, 'text').addColumn(`${source}_at`, 'bigint')
  await facts.execute()
  await db.schema.createIndex('person_facts_upn').on('person_facts').columns(['upn', 'person_id']).execute()
  await db.schema
    .createTable('gathering')
    .addColumn('source', 'text', (it) => it.primaryKey())
    .addColumn('state', 'text', (it) => it.notNull())
    .addColumn('begun_at', 'bigint')
    .addColumn('read_at', 'bigint')
    .addColumn('failed_at', 'bigint')
    .addColumn('why', 'text')
    .addColumn('code', 'text')
    .addColumn('next', 'text')
    .addColumn('delta', 'text')
    .addColumn('delta_at', 'bigint')
    .addColumn('rows', 'bigint', (it) => it.notNull())
    .addColumn('calls', 'bigint', (it) => it.notNull())
    .execute()
}
