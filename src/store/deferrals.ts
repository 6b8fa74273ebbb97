import type { Db, Tables, Tx } from './tables.ts'

/** One person's one deferral in a rollout. */
export interface Deferral {
  rolloutId: string
  personId: string
  upn: string
  /** From then on the catch-up may take the person. */
  until: number
  by: string
  approver: string
  reason: string
  at: number
}

function toDeferral(row: Tables['deferral']): Deferral {
  const { rollout_id: rolloutId, person_id: personId, ...rest } = row
  return { rolloutId, personId, ...rest }
}

export function deferralReader(db: Db) {
  return {
    async deferral(rolloutId: string, personId: string): Promise<Deferral | undefined> {
      const row = await db
        .selectFrom('deferral')
        .selectAll()
        .where('rollout_id', '=', rolloutId)
        .where('person_id', '=', personId)
        .executeTakeFirst()
      return row && toDeferral(row)
    },
    async deferrals(rolloutId: string): Promise<Deferral[]> {
      const rows = await db
        .selectFrom('deferral')
        .selectAll()
        .where('rollout_id', '=', rolloutId)
        .orderBy('person_id')
        .execute()
      return rows.map(toDeferral)
    },
  }
}

export function deferralWriter(tx: Tx) {
  return {
    /** Fails when the person was deferred before: once a person, also where two ask at the same moment. */
    async insertDeferral({ rolloutId, personId, ...rest }: Deferral): Promise<void> {
      await tx
        .insertInto('deferral')
        .values({ rollout_id: rolloutId, person_id: personId, ...rest })
        .execute()
    },
  }
}
