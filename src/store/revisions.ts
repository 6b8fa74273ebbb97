import type { Db, Tables, Tx } from './tables.ts'

/** One text of a plan that a rollout had. */
export interface PlanRevision {
  rolloutId: string
  number: number
  planHash: string
  text: string
  /** Digests of the files it names, by name. */
  files: Record<string, string>
  by: string
  at: number
  reason: string
}

function toRevision(row: Tables['plan_revision']): PlanRevision {
  const { rollout_id: rolloutId, plan_hash: planHash, files, ...rest } = row
  return { ...rest, rolloutId, planHash, files: JSON.parse(files) }
}

export function revisionReader(db: Db) {
  return {
    /** Oldest first; the last one is in force. */
    async revisions(rolloutId: string): Promise<PlanRevision[]> {
      const rows = await db
        .selectFrom('plan_revision')
        .selectAll()
        .where('rollout_id', '=', rolloutId)
        .orderBy('number')
        .execute()
      return rows.map(toRevision)
    },
  }
}

export function revisionWriter(tx: Tx) {
  return {
    async insertRevision(revision: PlanRevision): Promise<void> {
      const { rolloutId, planHash, files, ...rest } = revision
      await tx
        .insertInto('plan_revision')
        .values({ ...rest, rollout_id: rolloutId, plan_hash: planHash, files: JSON.stringify(files) })
        .execute()
    },
  }
}
