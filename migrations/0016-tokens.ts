import type { Kysely } from 'kysely'

export const breaking = false

/** Hardware tokens as a vendor listed them: whose, and their secrets sealed for as long as they are needed. */
export async function up(db: Kysely<never>): Promise<void> {
  await db.schema
    .createTable('token_file')
    .addColumn('digest', 'text', (it) => it.primaryKey())
    .addColumn('name', 'text')
    .addColumn('findings', 'text', (it) => it.notNull())
    .addColumn('uploaded_by', 'text', (it) => it.notNull())
    .addColumn('uploaded_at', 'bigint', (it) => it.notNull())
    .execute()
  await db.schema
    .createTable('hardware_token')
    .addColumn('file', 'text', (it) => it.notNull())
    .addColumn('line', 'integer', (it) => it.notNull())
    .addColumn('upn', 'text', (it) => it.notNull())
    .addColumn('serial', 'text', (it) => it.notNull())
    .addColumn('manufacturer', 'text', (it) => it.notNull())
    .addColumn('model', 'text', (it) => it.notNull())
    .addColumn('seconds', 'integer', (it) => it.notNull())
    .addColumn('hash', 'text', (it) => it.notNull())
    .addColumn('sealed', 'text')
    .addColumn('wiped_at', 'bigint')
    .addColumn('is_wanted_again', 'integer', (it) => it.notNull())
    .addPrimaryKeyConstraint('hardware_token_key', ['file', 'line'])
    .execute()
  await db.schema.createIndex('hardware_token_upn').on('hardware_token').columns(['file', 'upn']).execute()
}
