import { type Member, toMember } from './members.ts'
import type { Db, Tx } from './tables.ts'

/** What became of somebody's sessions. `unknown`: asked for, and not read back yet. */
export const REVOCATIONS = ['revoked', 'unknown', 'failed', 'skipped'] as const
export type Revocation = (typeof REVOCATIONS)[number]

export interface RevokedSessions {
  outcome: Revocation
  reason: string | null
  at: number
}

export function revocationReader(db: Db) {
  return {
    /** In place by our hand, not wanted back, and not settled: each person once a rollout. */
    async toRevoke(waveId: string, limit: number): Promise<Member[]> {
      const rows = await db
        .selectFrom('member')
        .selectAll('member')
        .leftJoin('session_revocation', (join) =>
          join
            .onRef('session_revocation.rollout_id', '=', 'member.rollout_id')
            .onRef('session_revocation.person_id', '=', 'member.person_id'),
        )
        .where('member.wave_id', '=', waveId)
        .where('member.deferred', 'is', null)
        .where('member.restore', 'is', null)
        .where('member.outcome', '=', 'done')
        .where('member.in_place_at', 'is not', null)
        .where((it) =>
          it.or([
            it('session_revocation.outcome', 'is', null),
            it('session_revocation.outcome', '=', 'unknown'),
          ]),
        )
        .orderBy((it) => it.fn.coalesce('session_revocation.at', it.lit(0)))
        .orderBy('member.position')
        .limit(limit)
        .execute()
      return rows.map(toMember)
    },
    async revocationOf(rolloutId: string, personId: string): Promise<RevokedSessions | undefined> {
      const row = await db
        .selectFrom('session_revocation')
        .select(['outcome', 'reason', 'at'])
        .where('rollout_id', '=', rolloutId)
        .where('person_id', '=', personId)
        .executeTakeFirst()
      return row && { ...row, outcome: row.outcome as Revocation }
    },
  }
}

export function revocationWriter(tx: Tx) {
  return {
    async setRevocations(
      place: { rolloutId: string; waveId: string; at: number },
      people: readonly string[],
      { outcome, reason }: Pick<RevokedSessions, 'outcome' | 'reason'>,
    ): Promise<void> {
      const { rolloutId: rollout_id, waveId: wave_id, at } = place
      for (let start = 0; start < people.length; start += 500) {
        const rows = people
          .slice(start, start + 500)
          .map((person_id) => ({ rollout_id, wave_id, person_id, outcome, reason, at }))
        await tx
          .insertInto('session_revocation')
          .values(rows)
          .onConflict((on) =>
            on.columns(['rollout_id', 'person_id']).doUpdateSet({ wave_id, outcome, reason, at }),
          )
          .execute()
      }
    },
  }
}
