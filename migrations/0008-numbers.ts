import { type Kysely, sql } from 'kysely'

/** An older build would change members without counting them. */
export const breaking = true

const INDEXES: [name: string, table: string, columns: string[]][] = [
  ['member_in_order', 'member', ['wave_id', 'position']],
  ['member_to_enforce', 'member', ['wave_id', 'outcome', 'deferred', 'position']],
  ['member_requested', 'member', ['wave_id', 'requested_at']],
  ['member_in_place', 'member', ['wave_id', 'in_place_at']],
  ['left_out_reason', 'left_out', ['rollout_id', 'reason']],
  ['intake_fetched', 'intake', ['fetched_at']],
]

/** How many members of a wave are what, kept up to date; and what a hundred thousand members need to be found fast. */
export async function up(db: Kysely<never>): Promise<void> {
  await db.schema
    .createTable('member_count')
    .addColumn('wave_id', 'text', (it) => it.notNull())
    .addColumn('what', 'text', (it) => it.notNull())
    .addColumn('people', 'bigint', (it) => it.notNull())
    .addPrimaryKeyConstraint('member_count_key', ['wave_id', 'what'] as never)
    .execute()
  for (const [name, table, columns] of INDEXES) {
    await db.schema.createIndex(name).on(table).columns(columns).execute()
  }
  await sql`create index member_upn on member (rollout_id, lower(upn))`.execute(db)
}
