import type { Db, Tables, Tx } from './tables.ts'

/** Objects of the tenant that are looked at, and people by their own state. */
export type Watched = 'policy' | 'group' | 'administratorsPolicy' | 'twin' | 'exceptions' | 'person'

/** What a look found in the tenant, before it is kept. */
export interface Finding {
  object: Watched
  property: string
  /** For what is found of one person at a time; null: of the object itself. */
  personId: string | null
  before: unknown
  after: unknown
  /** In words. */
  says: string
  /** Why it cannot be accepted; null: it can. */
  barred: string | null
}

export type Settled = 'accepted' | 'reverted' | 'asRecordedAgain' | 'ended'

export interface Drift extends Finding {
  id: number
  foundAt: number
  settledHow: Settled | null
  settledBy: string | null
  settledReason: string | null
  settledAt: number | null
}

function toDrift(row: Omit<Tables['drift'], 'id'> & { id: number }): Drift {
  return {
    id: row.id,
    object: row.object as Finding['object'],
    property: row.property,
    personId: row.person_id,
    before: JSON.parse(row.before),
    after: JSON.parse(row.after),
    says: row.says,
    barred: row.barred,
    foundAt: row.found_at,
    settledHow: row.settled_how as Settled | null,
    settledBy: row.settled_by,
    settledReason: row.settled_reason,
    settledAt: row.settled_at,
  }
}

export function driftReader(db: Db) {
  return {
    /** An object of the tenant as we read it back, or as it was accepted since. */
    async recorded(rolloutId: string, object: string): Promise<Record<string, unknown> | undefined> {
      const row = await db
        .selectFrom('recorded')
        .select('image')
        .where('rollout_id', '=', rolloutId)
        .where('object', '=', object)
        .executeTakeFirst()
      return row && JSON.parse(row.image)
    },
    /** Everything ever found for a rollout, oldest first. */
    async driftOf(rolloutId: string): Promise<Drift[]> {
      const rows = await db
        .selectFrom('drift')
        .selectAll()
        .where('rollout_id', '=', rolloutId)
        .orderBy('id')
        .execute()
      return rows.map(toDrift)
    },
    /** What was found and is not settled. */
    async openDrift(rolloutId: string): Promise<Drift[]> {
      const rows = await db
        .selectFrom('drift')
        .selectAll()
        .where('rollout_id', '=', rolloutId)
        .where('settled_at', 'is', null)
        .orderBy('id')
        .execute()
      return rows.map(toDrift)
    },
  }
}

const inChunks = 500

export function driftWriter(tx: Tx) {
  return {
    async recordObject(rolloutId: string, object: string, image: object, at: number): Promise<void> {
      const values = { image: JSON.stringify(image), at }
      await tx
        .insertInto('recorded')
        .values({ rollout_id: rolloutId, object, ...values })
        .onConflict((conflict) => conflict.columns(['rollout_id', 'object']).doUpdateSet(values))
        .execute()
    },
    async insertDrift(rolloutId: string, at: number, findings: readonly Finding[]): Promise<void> {
      const rows = findings.map((one) => ({
        rollout_id: rolloutId,
        object: one.object,
        property: one.property,
        person_id: one.personId,
        before: JSON.stringify(one.before ?? null),
        after: JSON.stringify(one.after ?? null),
        says: one.says,
        barred: one.barred,
        found_at: at,
        settled_how: null,
        settled_by: null,
        settled_reason: null,
        settled_at: null,
      }))
      for (let start = 0; start < rows.length; start += 100) {
        await tx
          .insertInto('drift')
          .values(rows.slice(start, start + 100))
          .execute()
      }
    },
    async settleDrift(
      ids: readonly number[],
      settled: { how: Settled; by: string; reason: string; at: number },
    ): Promise<void> {
      for (let start = 0; start < ids.length; start += inChunks) {
        await tx
          .updateTable('drift')
          .set({
            settled_how: settled.how,
            settled_by: settled.by,
            settled_reason: settled.reason,
            settled_at: settled.at,
          })
          .where('id', 'in', ids.slice(start, start + inChunks))
          .where('settled_at', 'is', null)
          .execute()
      }
    },
  }
}
