import { sql } from 'kysely'
import type { Db, Tables, Tx } from './tables.ts'

export interface Approval {
  rolloutId: string
  waveId: string
  decision: 'approved' | 'rejected'
  person: string
  role: string
  channel: string
  comment: string
  at: number
  planHash: string
  cohort: string
  verdicts: unknown
}

export interface StoredToken {
  id: string
  hash: string
  person: string
  role: string
  createdAt: number
  createdBy: string
  revokedAt: number | null
}

function toToken(row: Tables['access_token']): StoredToken {
  return {
    id: row.id,
    hash: row.hash,
    person: row.person,
    role: row.role,
    createdAt: row.created_at,
    createdBy: row.created_by,
    revokedAt: row.revoked_at,
  }
}

function toApproval(row: Omit<Tables['approval'], 'id'>): Approval {
  return {
    rolloutId: row.rollout_id,
    waveId: row.wave_id,
    decision: row.decision as Approval['decision'],
    person: row.person,
    role: row.role,
    channel: row.channel,
    comment: row.comment,
    at: row.at,
    planHash: row.plan_hash,
    cohort: row.cohort,
    verdicts: JSON.parse(row.verdicts),
  }
}

export function accessReader(db: Db) {
  return {
    async tokenByHash(hash: string): Promise<StoredToken | undefined> {
      const row = await db.selectFrom('access_token').selectAll().where('hash', '=', hash).executeTakeFirst()
      return row && toToken(row)
    },
    async tokens(): Promise<StoredToken[]> {
      return (
        await db.selectFrom('access_token').selectAll().orderBy('created_at').orderBy('id').execute()
      ).map(toToken)
    },
    /** Whether somebody holds a token of this role that is still good. */
    async holdsRole(person: string, role: string): Promise<boolean> {
      const row = await db
        .selectFrom('access_token')
        .select('id')
        .where(sql<string>`lower(person)`, '=', person.toLowerCase())
        .where('role', '=', role)
        .where('revoked_at', 'is', null)
        .limit(1)
        .executeTakeFirst()
      return row !== undefined
    },
    async approvals(waveId: string): Promise<Approval[]> {
      const rows = await db
        .selectFrom('approval')
        .selectAll()
        .where('wave_id', '=', waveId)
        .orderBy('id')
        .execute()
      return rows.map(toApproval)
    },
    /** Of the plan of a rollout as a whole, before it prepares anybody. */
    async planApprovals(rolloutId: string): Promise<Approval[]> {
      const rows = await db
        .selectFrom('approval')
        .selectAll()
        .where('rollout_id', '=', rolloutId)
        .where('wave_id', '=', '')
        .orderBy('id')
        .execute()
      return rows.map(toApproval)
    },
    async answered(actor: string, key: string): Promise<Tables['idempotency'] | undefined> {
      return await db
        .selectFrom('idempotency')
        .selectAll()
        .where('actor', '=', actor)
        .where('key', '=', key)
        .executeTakeFirst()
    },
    async setting(name: string): Promise<string | undefined> {
      return (await db.selectFrom('setting').select('value').where('name', '=', name).executeTakeFirst())
        ?.value
    },
  }
}

export function accessWriter(tx: Tx) {
  return {
    async insertToken(token: StoredToken): Promise<void> {
      await tx
        .insertInto('access_token')
        .values({
          id: token.id,
          hash: token.hash,
          person: token.person,
          role: token.role,
          created_at: token.createdAt,
          created_by: token.createdBy,
          revoked_at: token.revokedAt,
        })
        .execute()
    },
    /** False: there is no such token that is still good. */
    async revokeToken(id: string, at: number): Promise<boolean> {
      const result = await tx
        .updateTable('access_token')
        .set({ revoked_at: at })
        .where('id', '=', id)
        .where('revoked_at', 'is', null)
        .executeTakeFirst()
      return result.numUpdatedRows === 1n
    },
    async recordApproval(approval: Approval): Promise<void> {
      await tx
        .insertInto('approval')
        .values({
          rollout_id: approval.rolloutId,
          wave_id: approval.waveId,
          decision: approval.decision,
          person: approval.person,
          role: approval.role,
          channel: approval.channel,
          comment: approval.comment,
          at: approval.at,
          plan_hash: approval.planHash,
          cohort: approval.cohort,
          verdicts: JSON.stringify(approval.verdicts),
        })
        .execute()
    },
    async rememberAnswer(row: Tables['idempotency']): Promise<void> {
      await tx.insertInto('idempotency').values(row).execute()
    },
    async setSetting(name: string, value: string): Promise<void> {
      await tx
        .insertInto('setting')
        .values({ name, value })
        .onConflict((conflict) => conflict.column('name').doUpdateSet({ value }))
        .execute()
    },
  }
}
