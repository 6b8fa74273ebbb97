import { sql } from 'kysely'
import { type Member, toMember } from './member.ts'
import { counting, countsOf, type MemberCounts } from './member-counts.ts'
import type { Db, Tables, Tx } from './tables.ts'

export * from './member.ts'
export type { MemberCounts } from './member-counts.ts'

export function memberReader(db: Db) {
  return {
    /** By object id or sign-in name. Of two with one name, the one who is still there: a rehire inherits nothing. */
    async member(rolloutId: string, personOrUpn: string): Promise<Member | undefined> {
      const inRollout = db.selectFrom('member').selectAll().where('rollout_id', '=', rolloutId)
      const byId = await inRollout.where('person_id', '=', personOrUpn).executeTakeFirst()
      if (byId) return toMember(byId)
      const row = await inRollout
        .where(sql`lower(upn)`, '=', personOrUpn.toLowerCase())
        .orderBy(sql`case when outcome = 'gone' or restore = 'gone' then 1 else 0 end`)
        .executeTakeFirst()
      return row && toMember(row)
    },
    async membersOf(waveId: string): Promise<Member[]> {
      const rows = await db
        .selectFrom('member')
        .selectAll()
        .where('wave_id', '=', waveId)
        .orderBy('position')
        .execute()
      return rows.map(toMember)
    },
    /** Those of these people who are in the rollout, in no order. */
    async membersAmong(rolloutId: string, personIds: readonly string[]): Promise<Member[]> {
      const found: Member[] = []
      for (let start = 0; start < personIds.length; start += 500) {
        const rows = await db
          .selectFrom('member')
          .selectAll()
          .where('rollout_id', '=', rolloutId)
          .where('person_id', 'in', personIds.slice(start, start + 500))
          .execute()
        found.push(...rows.map(toMember))
      }
      return found
    },
    /** How many of a wave have been asked for since then. */
    async requestedSince(waveId: string, since: number): Promise<number> {
      const { people } = await db
        .selectFrom('member')
        .select((it) => it.fn.countAll<number>().as('people'))
        .where('wave_id', '=', waveId)
        .where('requested_at', '>=', since)
        .executeTakeFirstOrThrow()
      return Number(people)
    },
    /** Object ids of those at these positions who were asked for; `crossing`: of those who may still go over alone. */
    async requestedAt(waveId: string, from: number, to: number, crossing: boolean): Promise<string[]> {
      let query = db
        .selectFrom('member')
        .select('person_id')
        .where('wave_id', '=', waveId)
        .where('position', '>=', from)
        .where('position', '<', to)
        .where('requested_at', 'is not', null)
      if (crossing)
        query = query.where(sql<string>`coalesce(per_user_mfa, '')`, 'not in', ['retired', 'none'])
      return (await query.execute()).map((row) => row.person_id)
    },
    async membersOfRollout(rolloutId: string): Promise<Member[]> {
      const rows = await db.selectFrom('member').selectAll().where('rollout_id', '=', rolloutId).execute()
      return rows.map(toMember)
    },
    async membersPage(waveId: string, after: number, limit: number, outcome?: string): Promise<Member[]> {
      let query = db
        .selectFrom('member')
        .selectAll()
        .where('wave_id', '=', waveId)
        .where('position', '>', after)
      if (outcome === 'deferred') query = query.where('deferred', 'is not', null)
      else if (outcome === 'keepsPerUserMfa') query = query.where('per_user_mfa', '=', 'keeps')
      else if (outcome !== undefined)
        query = query.where('outcome', '=', outcome).where('deferred', 'is', null)
      return (await query.orderBy('position').limit(limit).execute()).map(toMember)
    },
    async toEnforce(waveId: string, outcome: 'pending' | 'unknown', limit: number): Promise<Member[]> {
      const rows = await db
        .selectFrom('member')
        .selectAll()
        .where('wave_id', '=', waveId)
        .where('deferred', 'is', null)
        .where('outcome', '=', outcome)
        .orderBy('position')
        .limit(limit)
        .execute()
      return rows.map(toMember)
    },
    /** Pending, and nobody whose own moment has not come, or whom a notice still has to reach where `notified`. */
    async toEnforceNow(waveId: string, limit: number, now: number, notified: boolean): Promise<Member[]> {
      let query = db
        .selectFrom('member')
        .selectAll()
        .where('wave_id', '=', waveId)
        .where('deferred', 'is', null)
        .where('outcome', '=', 'pending')
        .where((it) => it.or([it('not_before', 'is', null), it('not_before', '<=', now)]))
      if (notified) {
        const owed = sql<boolean>`not exists (select 1 from notice where notice.wave_id = member.wave_id
          and notice.person_id = member.person_id and notice.moment = 'before'
          and notice.state in ('planned', 'asked'))`
        query = query.where('not_before', 'is not', null).where(owed)
      }
      return (await query.orderBy('position').limit(limit).execute()).map(toMember)
    },
    /** Who of these waits for later. */
    async parked(rolloutId: string, personIds: readonly string[]): Promise<Set<string>> {
      const rows = await db
        .selectFrom('member')
        .select('person_id')
        .where('rollout_id', '=', rolloutId)
        .where('person_id', 'in', [...personIds])
        .where('deferred', 'is not', null)
        .execute()
      return new Set(rows.map((row) => row.person_id))
    },
    counts: (waveId: string): Promise<MemberCounts> => countsOf(db, waveId),
    async leftOutCounts(rolloutId: string): Promise<{ reason: string; people: number }[]> {
      const rows = await db
        .selectFrom('left_out')
        .select((it) => ['reason', it.fn.countAll<number>().as('people')])
        .where('rollout_id', '=', rolloutId)
        .groupBy('reason')
        .orderBy('reason')
        .execute()
      return rows.map(({ reason, people }) => ({ reason, people: Number(people) }))
    },
    async leftOut(rolloutId: string) {
      return await db
        .selectFrom('left_out')
        .selectAll()
        .where('rollout_id', '=', rolloutId)
        .orderBy('upn')
        .execute()
    },
    /** Deferred, failed, restored and skipped people of a rollout: who is not under MFA by it. */
    async leftovers(rolloutId: string): Promise<Member[]> {
      const rows = await db
        .selectFrom('member')
        .selectAll()
        .where('rollout_id', '=', rolloutId)
        .where((it) =>
          it.or([
            it('deferred', 'is not', null),
            it('outcome', 'in', ['failed', 'unknown', 'skipped', 'pending']),
            it('restore', '=', 'restored'),
          ]),
        )
        .where('outcome', '!=', 'gone')
        .orderBy('upn')
        .execute()
      return rows.map(toMember)
    },
  }
}

type MemberValues = Partial<Omit<Tables['member'], 'rollout_id' | 'person_id' | 'wave_id'>>

export function memberWriter(tx: Tx) {
  return {
    async insertMembers(
      members: readonly Pick<
        Member,
        'rolloutId' | 'waveId' | 'personId' | 'upn' | 'displayName' | 'position'
      >[],
    ): Promise<void> {
      const rows = members.map((member) => ({
        rollout_id: member.rolloutId,
        wave_id: member.waveId,
        person_id: member.personId,
        upn: member.upn,
        display_name: member.displayName,
        position: member.position,
        deferred: null,
        outcome: 'pending',
        outcome_reason: null,
        requested_at: null,
        in_place_at: null,
        proven_at: null,
        locked_out_at: null,
        locked_out_now: 0 as const,
        restore: null,
        restore_reason: null,
        restored_at: null,
        parked_at: null,
        released_at: null,
        left_in_by: null,
        confirmed_by: null,
        last_proven_at: null,
        per_user_mfa: null,
        per_user_reason: null,
        per_user_at: null,
        not_proven_accepted_by: null,
        not_proven_accepted_at: null,
        not_before: null,
      }))
      for (let start = 0; start < rows.length; start += 500) {
        const some = rows.slice(start, start + 500)
        const ids = some.map((row) => row.person_id)
        await counting(tx, some[0]?.rollout_id ?? '', ids, async () => {
          await tx.insertInto('member').values(some).execute()
        })
      }
    },
    async setMembers(rolloutId: string, personIds: readonly string[], values: MemberValues): Promise<void> {
      for (let start = 0; start < personIds.length; start += 500) {
        const some = personIds.slice(start, start + 500)
        await counting(tx, rolloutId, some, async () => {
          await tx
            .updateTable('member')
            .set(values)
            .where('rollout_id', '=', rolloutId)
            .where('person_id', 'in', some)
            .execute()
        })
      }
    },
    async replaceLeftOut(
      rolloutId: string,
      people: readonly Omit<Tables['left_out'], 'rollout_id'>[],
    ): Promise<void> {
      await tx.deleteFrom('left_out').where('rollout_id', '=', rolloutId).execute()
      const rows = people.map((person) => ({ ...person, rollout_id: rolloutId }))
      for (let start = 0; start < rows.length; start += 500) {
        await tx
          .insertInto('left_out')
          .values(rows.slice(start, start + 500))
          .execute()
      }
    },
  }
}
