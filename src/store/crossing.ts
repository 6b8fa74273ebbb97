import { type Member, toMember } from './members.ts'
import type { Db } from './tables.ts'

export function crossingReader(db: Db) {
  const inPlace = (waveId: string) =>
    db
      .selectFrom('member')
      .selectAll()
      .where('wave_id', '=', waveId)
      .where('deferred', 'is', null)
      .where('restore', 'is', null)
      .where('outcome', 'in', ['done', 'already'])
      .where('in_place_at', 'is not', null)
  return {
    /** Members in place of whom it is not settled yet that per-user MFA is off, or never was on. */
    async openCrossings(waveId: string): Promise<Member[]> {
      const rows = await inPlace(waveId)
        .where((it) =>
          it.or([it('per_user_mfa', 'is', null), it('per_user_mfa', 'not in', ['retired', 'none'])]),
        )
        .orderBy('position')
        .execute()
      return rows.map(toMember)
    },
    /**
     * Proven, or accepted by name, after `since`, and not settled. Who keeps per-user MFA for another reason than a
     * missing proof, or failed, is looked at again only after a newer word. Who was never looked at comes first.
     */
    async toRetire(waveId: string, since: number, limit: number): Promise<Member[]> {
      const rows = await inPlace(waveId)
        .where((it) =>
          it.or([
            it.and([it('last_proven_at', '>', since), it('last_proven_at', '>=', it.ref('in_place_at'))]),
            it.and([
              it('not_proven_accepted_at', '>', since),
              it('not_proven_accepted_at', '>=', it.ref('in_place_at')),
            ]),
          ]),
        )
        .where((it) =>
          it.or([
            it('per_user_mfa', 'is', null),
            it('per_user_mfa', '=', 'unknown'),
            it('per_user_reason', '=', 'notProven'),
            it.and([
              it('per_user_mfa', 'in', ['keeps', 'failed']),
              it.or([
                it('last_proven_at', '>', it.ref('per_user_at')),
                it('not_proven_accepted_at', '>', it.ref('per_user_at')),
              ]),
            ]),
          ]),
        )
        // What an approver took as it is stays so.
        .where(({ not, exists, selectFrom }) =>
          not(
            exists(
              selectFrom('taken_as_is')
                .select('taken_as_is.at')
                .whereRef('taken_as_is.person_id', '=', 'member.person_id')
                .where('taken_as_is.effect', '=', 'perUserMfaRetired'),
            ),
          ),
        )
        .orderBy((it) => it.fn.coalesce('per_user_at', it.lit(0)))
        .orderBy('position')
        .limit(limit)
        .execute()
      return rows.map(toMember)
    },
  }
}
