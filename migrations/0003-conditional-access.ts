import type { Kysely } from 'kysely'

/** A build that does not know strengths, twins and the administrators' policy would switch back half of them. */
export const breaking = true

export async function up(db: Kysely<never>): Promise<void> {
  for (const column of ['admin_group_id', 'admin_policy_id', 'twin_id'])
    await db.schema.alterTable('rollout').addColumn(column, 'text').execute()
  await db.schema
    .alterTable('rollout')
    .addColumn('findings', 'text', (it) => it.notNull().defaultTo('[]'))
    .execute()
  await db.schema.alterTable('member').addColumn('readiness', 'text').execute()
  await db.schema
    .createTable('look_back')
    .addColumn('wave_id', 'text', (it) => it.primaryKey())
    .addColumn('from_at', 'bigint', (it) => it.notNull())
    .addColumn('to_at', 'bigint', (it) => it.notNull())
    .execute()
}
