import type { Db, Tables, Tx } from './tables.ts'

/** A policy that covers all users, or is about to, and how it comes back. */
export interface Graduation {
  /** The exceptions group; null: not found or made yet. */
  groupId: string | null
  /** Whether we made that group. */
  isOurs: boolean
  /** Whom the policy was about before it covered everybody, as it was read. */
  narrow: Record<string, unknown> | null
  /** Since when it may cover everybody: recorded before the call; null: it covers its group alone. */
  wideAt: number | null
}

const NONE: Graduation = { groupId: null, isOurs: false, narrow: null, wideAt: null }

export function graduationReader(db: Db) {
  return {
    async graduation(rolloutId: string): Promise<Graduation | undefined> {
      const row = await db
        .selectFrom('graduation')
        .selectAll()
        .where('rollout_id', '=', rolloutId)
        .executeTakeFirst()
      return (
        row && {
          groupId: row.group_id,
          isOurs: row.is_ours === 1,
          narrow: row.narrow === null ? null : JSON.parse(row.narrow),
          wideAt: row.wide_at,
        }
      )
    },
  }
}

export function graduationWriter(tx: Tx) {
  return {
    async setGraduation(rolloutId: string, change: Partial<Graduation>): Promise<void> {
      const before = (await graduationReader(tx).graduation(rolloutId)) ?? NONE
      const values = columnsOf({ ...before, ...change })
      await tx
        .insertInto('graduation')
        .values({ rollout_id: rolloutId, ...values })
        .onConflict((conflict) => conflict.column('rollout_id').doUpdateSet(values))
        .execute()
    },
  }
}

function columnsOf({
  groupId,
  isOurs,
  narrow,
  wideAt,
}: Graduation): Omit<Tables['graduation'], 'rollout_id'> {
  return {
    group_id: groupId,
    is_ours: isOurs ? 1 : 0,
    narrow: narrow === null ? null : JSON.stringify(narrow),
    wide_at: wideAt,
  }
}
