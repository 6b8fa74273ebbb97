import type { Kysely } from 'kysely'

/** An older build would undo what an approver took as it is, and could not name what was found of a person. */
export const breaking = true

/** When each person's per-user MFA was looked at last, and how it was left; and states that were taken as they are. */
export async function up(db: Kysely<never>): Promise<void> {
  await db.schema
    .createTable('per_user_look')
    .addColumn('rollout_id', 'text', (it) => it.notNull())
    .addColumn('person_id', 'text', (it) => it.notNull())
    .addColumn('looked_at', 'bigint')
    .addColumn('state', 'text')
    .addPrimaryKeyConstraint('per_user_look_key', ['rollout_id', 'person_id'] as never)
    .execute()
  await db.schema
    .createTable('taken_as_is')
    .addColumn('effect', 'text', (it) => it.notNull())
    .addColumn('target', 'text', (it) => it.notNull())
    .addColumn('person_id', 'text', (it) => it.notNull())
    .addColumn('rollout_id', 'text', (it) => it.notNull())
    .addColumn('image', 'text', (it) => it.notNull())
    .addColumn('by', 'text', (it) => it.notNull())
    .addColumn('reason', 'text', (it) => it.notNull())
    .addColumn('at', 'bigint', (it) => it.notNull())
    .addPrimaryKeyConstraint('taken_as_is_key', ['effect', 'target', 'person_id'] as never)
    .execute()
}
