import type { Kysely } from 'kysely'

export const breaking = false

/** How the tenant's registration campaign stands for each rollout that changes it. */
export async function up(db: Kysely<never>): Promise<void> {
  await db.schema
    .createTable('campaign')
    .addColumn('rollout_id', 'text', (it) => it.primaryKey())
    .addColumn('stands', 'text', (it) => it.notNull())
    .addColumn('sent', 'text')
    .addColumn('says', 'text', (it) => it.notNull())
    .addColumn('at', 'bigint', (it) => it.notNull())
    .execute()
}
