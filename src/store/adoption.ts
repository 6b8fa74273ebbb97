import type { Db, Tables, Tx } from './tables.ts'

export type AdoptingVerb = 'adopt' | 'graduate'

/** People taken under a rollout by name: one person asks, another approves the same list. */
export interface AdoptionRequest {
  people: string[]
  askedBy: string
  askedReason: string
  askedAt: number
  approvedBy: string | null
  approvedReason: string | null
  approvedAt: number | null
}

function toRequest(row: Tables['adoption_request']): AdoptionRequest {
  return {
    people: JSON.parse(row.people),
    askedBy: row.asked_by,
    askedReason: row.asked_reason,
    askedAt: row.asked_at,
    approvedBy: row.approved_by,
    approvedReason: row.approved_reason,
    approvedAt: row.approved_at,
  }
}

export function adoptionReader(db: Db) {
  return {
    /** The newest request; a new one takes the place of the one before, approved or not. */
    async adoptionRequest(rolloutId: string, verb: AdoptingVerb): Promise<AdoptionRequest | undefined> {
      const row = await db
        .selectFrom('adoption_request')
        .selectAll()
        .where('rollout_id', '=', rolloutId)
        .where('verb', '=', verb)
        .executeTakeFirst()
      return row && toRequest(row)
    },
    /** Object ids of those who are adopted by name into a group, or under a policy. */
    async adopted(target: string): Promise<Set<string>> {
      const rows = await db.selectFrom('adoption').select('person_id').where('target', '=', target).execute()
      return new Set(rows.map((row) => row.person_id))
    },
  }
}

const inChunks = 500

export function adoptionWriter(tx: Tx) {
  return {
    async askAdoption(
      rolloutId: string,
      verb: AdoptingVerb,
      asked: Pick<AdoptionRequest, 'people' | 'askedBy' | 'askedReason' | 'askedAt'>,
    ): Promise<void> {
      const values = {
        people: JSON.stringify(asked.people),
        asked_by: asked.askedBy,
        asked_reason: asked.askedReason,
        asked_at: asked.askedAt,
        approved_by: null,
        approved_reason: null,
        approved_at: null,
      }
      await tx
        .insertInto('adoption_request')
        .values({ rollout_id: rolloutId, verb, ...values })
        .onConflict((conflict) => conflict.columns(['rollout_id', 'verb']).doUpdateSet(values))
        .execute()
    },
    async approveAdoption(
      rolloutId: string,
      verb: AdoptingVerb,
      approved: { by: string; reason: string; at: number },
    ): Promise<void> {
      const { by, reason, at } = approved
      await tx
        .updateTable('adoption_request')
        .set({ approved_by: by, approved_reason: reason, approved_at: at })
        .where('rollout_id', '=', rolloutId)
        .where('verb', '=', verb)
        .execute()
    },
    /** Keeps the first: who was adopted stays so, by the word it was said with. */
    async adopt(
      place: { target: string; rolloutId: string; by: string; reason: string; at: number },
      people: readonly string[],
    ): Promise<void> {
      const { target, rolloutId, by, reason, at } = place
      const rows = people.map((id) => ({ target, person_id: id, rollout_id: rolloutId, by, reason, at }))
      for (let start = 0; start < rows.length; start += inChunks) {
        await tx
          .insertInto('adoption')
          .values(rows.slice(start, start + inChunks))
          .onConflict((conflict) => conflict.doNothing())
          .execute()
      }
    },
    /** Everything was taken back: whoever comes next adopts anew. */
    async endAdoption(target: string): Promise<void> {
      await tx.deleteFrom('adoption').where('target', '=', target).execute()
    },
  }
}
