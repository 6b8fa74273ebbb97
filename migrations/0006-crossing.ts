import type { Kysely } from 'kysely'

/** An older build would take people out of the group without putting their per-user MFA back first. */
export const breaking = true

const COLUMNS = [
  ['last_proven_at', 'bigint'],
  ['per_user_mfa', 'text'],
  ['per_user_reason', 'text'],
  ['per_user_at', 'bigint'],
  ['not_proven_accepted_by', 'text'],
  ['not_proven_accepted_at', 'bigint'],
] as const

/** What became of each member's per-user MFA once Conditional Access asks them, and by whose word. */
export async function up(db: Kysely<never>): Promise<void> {
  for (const [name, type] of COLUMNS) await db.schema.alterTable('member').addColumn(name, type).execute()
}
