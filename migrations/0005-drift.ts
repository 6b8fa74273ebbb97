import type { Kysely } from 'kysely'

/** An older build could not read an instance that is held by what was found here. */
export const breaking = true

type Column = [name: string, type: 'text' | 'bigint', isNull?: 'null']

const DRIFT: Column[] = [
  ['rollout_id', 'text'],
  ['object', 'text'],
  ['property', 'text'],
  ['person_id', 'text', 'null'],
  ['before', 'text'],
  ['after', 'text'],
  ['says', 'text'],
  ['barred', 'text', 'null'],
  ['found_at', 'bigint'],
  ['settled_how', 'text', 'null'],
  ['settled_by', 'text', 'null'],
  ['settled_reason', 'text', 'null'],
  ['settled_at', 'bigint', 'null'],
]

/** Objects of the tenant as we left or last accepted them; what another hand changed; people adopted by name. */
export async function up(db: Kysely<never>): Promise<void> {
  await db.schema
    .createTable('recorded')
    .addColumn('rollout_id', 'text', (it) => it.notNull())
    .addColumn('object', 'text', (it) => it.notNull())
    .addColumn('image', 'text', (it) => it.notNull())
    .addColumn('at', 'bigint', (it) => it.notNull())
    .addPrimaryKeyConstraint('recorded_key', ['rollout_id', 'object'] as never)
    .execute()
  let drift = db.schema
    .createTable('drift')
    .addColumn('id', 'integer', (it) => it.primaryKey().autoIncrement())
  for (const [name, type, isNull] of DRIFT)
    drift = drift.addColumn(name, type, (it) => (isNull ? it : it.notNull()))
  await drift.execute()
  await db.schema.createIndex('drift_of').on('drift').columns(['rollout_id', 'settled_at']).execute()
  await db.schema
    .createTable('adoption')
    .addColumn('target', 'text', (it) => it.notNull())
    .addColumn('person_id', 'text', (it) => it.notNull())
    .addColumn('rollout_id', 'text', (it) => it.notNull())
    .addColumn('by', 'text', (it) => it.notNull())
    .addColumn('reason', 'text', (it) => it.notNull())
    .addColumn('at', 'bigint', (it) => it.notNull())
    .addPrimaryKeyConstraint('adoption_key', ['target', 'person_id'] as never)
    .execute()
}
