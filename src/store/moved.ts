import { sql } from 'kysely'
import type { Db } from './tables.ts'

/** What a wave keeps of people who are in a later one by now. */
export interface MovedCounts {
  moved: number
  tried: number
  proven: number
  everLockedOut: number
}

export function moveReader(db: Db) {
  return {
    async movedCounts(waveId: string): Promise<MovedCounts> {
      const set = (column: string) =>
        sql<number>`coalesce(sum(case when ${sql.ref(column)} is not null then 1 else 0 end), 0)`
      return await db
        .selectFrom('moved_member')
        .where('from_wave', '=', waveId)
        .select([
          sql<number>`count(*)`.as('moved'),
          set('requested_at').as('tried'),
          set('proven_at').as('proven'),
          set('locked_out_at').as('everLockedOut'),
        ])
        .executeTakeFirstOrThrow()
    },
  }
}
