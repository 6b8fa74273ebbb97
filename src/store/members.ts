import { sql } from 'kysely'
import { type Member, toMember } from './member.ts'
import { moveReader } from './moves.ts'
import type { Db, Tables, Tx } from './tables.ts'

export * from './member.ts'

export interface MemberCounts {
  members: number
  /** Are in a later wave by now; counted among the members. */
  moved: number
  /** Whom the wave goes for or went for: what a budget is a share of. Who was taken back since counts still. */
  tried: number
  deferred: number
  pending: number
  inPlace: number
  already: number
  failed: number
  unknown: number
  gone: number
  skipped: number
  proven: number
  everLockedOut: number
  lockedOutNow: number
  restored: number
  restoreOpen: number
  /** Stay in until a second person confirms their rollback. */
  leftIn: number
  perUserRetired: number
  perUserKept: number
  inPlaceAt: number | null
}

export function memberReader(db: Db) {
  return {
    /** By object id or sign-in name. Of two with one name, the one who is still there: a rehire inherits nothing. */
    async member(rolloutId: string, personOrUpn: string): Promise<Member | undefined> {
      const row = await db
        .selectFrom('member')
        .selectAll()
        .where('rollout_id', '=', rolloutId)
        .where((it) =>
          it.or([it('person_id', '=', personOrUpn), it(sql`lower(upn)`, '=', personOrUpn.toLowerCase())]),
        )
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
    async counts(waveId: string): Promise<MemberCounts> {
      const going = sql`deferred is null`
      const count = (where: ReturnType<typeof sql>) =>
        sql<number>`coalesce(sum(case when ${where} then 1 else 0 end), 0)`
      const row = await db
        .selectFrom('member')
        .where('wave_id', '=', waveId)
        .select([
          sql<number>`count(*)`.as('members'),
          count(sql`outcome != 'gone' and (${going} or requested_at is not null)`).as('tried'),
          count(sql`deferred is not null`).as('deferred'),
          count(sql`${going} and outcome = 'pending'`).as('pending'),
          count(sql`outcome in ('done', 'already') and coalesce(restore, '') not in ('restored', 'gone')`).as(
            'inPlace',
          ),
          count(sql`outcome = 'already'`).as('already'),
          count(sql`outcome = 'failed'`).as('failed'),
          count(sql`${going} and outcome = 'unknown'`).as('unknown'),
          count(sql`outcome = 'gone'`).as('gone'),
          count(sql`outcome = 'skipped'`).as('skipped'),
          count(sql`proven_at is not null`).as('proven'),
          count(sql`locked_out_at is not null`).as('everLockedOut'),
          count(sql`locked_out_now = 1`).as('lockedOutNow'),
          count(sql`restore = 'restored'`).as('restored'),
          count(sql`restore in ('failed', 'unknown')`).as('restoreOpen'),
          count(sql`restore = 'leftIn'`).as('leftIn'),
          count(sql`per_user_mfa = 'retired'`).as('perUserRetired'),
          count(sql`per_user_mfa = 'keeps' and ${going} and restore is null`).as('perUserKept'),
          sql<number | null>`max(in_place_at)`.as('inPlaceAt'),
        ])
        .executeTakeFirstOrThrow()
      const gone = await moveReader(db).movedCounts(waveId)
      return {
        ...row,
        members: row.members + gone.moved,
        moved: gone.moved,
        tried: row.tried + gone.tried,
        proven: row.proven + gone.proven,
        everLockedOut: row.everLockedOut + gone.everLockedOut,
      }
    },
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
      }))
      for (let start = 0; start < rows.length; start += 500) {
        await tx
          .insertInto('member')
          .values(rows.slice(start, start + 500))
          .execute()
      }
    },
    async setMembers(rolloutId: string, personIds: readonly string[], values: MemberValues): Promise<void> {
      for (let start = 0; start < personIds.length; start += 500) {
        await tx
          .updateTable('member')
          .set(values)
          .where('rollout_id', '=', rolloutId)
          .where('person_id', 'in', personIds.slice(start, start + 500))
          .execute()
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
