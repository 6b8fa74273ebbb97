import { sql } from 'kysely'
import type { Db, Tables, Tx } from './tables.ts'

/**
 * What came of a notice. `asked`: the mail is on its way to Microsoft; `accepted`: Microsoft took it on, which is not
 * delivered; `unknown`: it may have been taken on, and is not sent a second time; `dropped`: not to be sent any more.
 */
export const NOTICE_STATES = [
  'planned',
  'asked',
  'accepted',
  'failed',
  'noAddress',
  'unknown',
  'dropped',
] as const
export type NoticeState = (typeof NOTICE_STATES)[number]

export type NoticeMoment = 'before' | 'on' | 'after'

/** One notice of the plan. */
export interface NoticeKind {
  /** `before-14d`, `on`, `after-1d`. */
  notice: string
  moment: NoticeMoment
  leadMs: number
  isFirst: boolean
  /** The last before the switch. */
  isLast: boolean
}

/** One notice to one person in a wave. */
export interface Notice extends NoticeKind {
  rolloutId: string
  waveId: string
  personId: string
  state: NoticeState
  reason: string | null
  address: string | null
  language: string | null
  /** The moment it named. */
  saysAt: number | null
  askedAt: number | null
  at: number | null
}

/** A notice whose time has come, with what is known of the person's switch. */
export interface DueNotice extends Notice {
  notBefore: number | null
  inPlaceAt: number | null
}

/** Which notices of a wave may go out as it stands. */
export interface Sendable {
  /** To whoever has no moment yet. */
  first: boolean
  /** Those between the first and the last. */
  middle: boolean
  last: boolean
  /** On and after the switch. */
  since: boolean
}

export interface NoticeCount {
  state: NoticeState
  mails: number
}

function toNotice(row: Tables['notice']): Notice {
  return {
    rolloutId: row.rollout_id,
    waveId: row.wave_id,
    personId: row.person_id,
    notice: row.notice,
    moment: row.moment as NoticeMoment,
    leadMs: row.lead_ms,
    isFirst: row.is_first === 1,
    isLast: row.is_last === 1,
    state: row.state as NoticeState,
    reason: row.reason,
    address: row.address,
    language: row.language,
    saysAt: row.says_at,
    askedAt: row.asked_at,
    at: row.at,
  }
}

/** When a planned notice is to go; null: it cannot be said yet. */
const DUE = sql<number | null>`case when notice.moment != 'before' then member.in_place_at + notice.lead_ms
  when notice.is_first = 1 then 0 else member.not_before - notice.lead_ms end`

export function noticeReader(db: Db) {
  /** Planned, and the person is where the notice is about. */
  const open = (waveId: string, may: Sendable) => {
    const kinds = [
      ...(may.first ? [sql<boolean>`notice.is_first = 1`] : []),
      ...(may.middle
        ? [sql<boolean>`notice.moment = 'before' and notice.is_first = 0 and notice.is_last = 0`]
        : []),
      ...(may.last ? [sql<boolean>`notice.is_last = 1 and notice.is_first = 0`] : []),
      ...(may.since ? [sql<boolean>`notice.moment != 'before'`] : []),
    ]
    return db
      .selectFrom('notice')
      .innerJoin('member', (join) =>
        join
          .onRef('member.rollout_id', '=', 'notice.rollout_id')
          .onRef('member.person_id', '=', 'notice.person_id')
          .onRef('member.wave_id', '=', 'notice.wave_id'),
      )
      .where('notice.wave_id', '=', waveId)
      .where('notice.state', '=', 'planned')
      .where('member.deferred', 'is', null)
      .where('member.restore', 'is', null)
      .where('member.outcome', 'in', ['pending', 'done'])
      .where(sql<boolean>`(notice.moment = 'before') = (member.outcome = 'pending')`)
      .where(kinds.length === 0 ? sql<boolean>`1 = 0` : sql<boolean>`(${sql.join(kinds, sql` or `)})`)
  }
  return {
    /** Due by now, in the order of the members. */
    async dueNotices(waveId: string, may: Sendable, now: number, limit: number): Promise<DueNotice[]> {
      const rows = await open(waveId, may)
        .selectAll('notice')
        .select(['member.not_before', 'member.in_place_at'])
        .where(DUE, '<=', now)
        .orderBy('member.position')
        .orderBy('notice.lead_ms')
        .limit(limit)
        .execute()
      return rows.map((row) => ({ ...toNotice(row), notBefore: row.not_before, inPlaceAt: row.in_place_at }))
    },
    /** When the next of a wave falls due; null: none does, as things stand. */
    async nextNoticeAt(waveId: string, may: Sendable): Promise<number | null> {
      const row = await open(waveId, may).select(sql<number | null>`min(${DUE})`.as('at')).executeTakeFirst()
      return row?.at ?? null
    },
    /** Members who go with the wave and lack one of these notices. */
    async withoutNotices(waveId: string, names: readonly string[]): Promise<string[]> {
      const rows = await db
        .selectFrom('member')
        .leftJoin('notice', (join) =>
          join
            .onRef('notice.wave_id', '=', 'member.wave_id')
            .onRef('notice.person_id', '=', 'member.person_id')
            .on('notice.notice', 'in', [...names]),
        )
        .select('member.person_id')
        .where('member.wave_id', '=', waveId)
        .where('member.deferred', 'is', null)
        .where('member.outcome', '=', 'pending')
        .groupBy('member.person_id')
        .having((it) => it.fn.count('notice.notice'), '<', names.length)
        .execute()
      return rows.map((row) => row.person_id)
    },
    /** How many who go with the wave wait for their first notice. */
    async waitingForFirst(waveId: string): Promise<number> {
      const { people } = await db
        .selectFrom('member')
        .select((it) => it.fn.countAll<number>().as('people'))
        .where('wave_id', '=', waveId)
        .where('deferred', 'is', null)
        .where('outcome', '=', 'pending')
        .where('not_before', 'is', null)
        .executeTakeFirstOrThrow()
      return Number(people)
    },
    /** Planned, whatever is known of their people. */
    async plannedNotices(waveId: string): Promise<Notice[]> {
      const rows = await db
        .selectFrom('notice')
        .selectAll()
        .where('wave_id', '=', waveId)
        .where('state', '=', 'planned')
        .execute()
      return rows.map(toNotice)
    },
    /** Asked for by a process that did not hear the answer. */
    async cutOff(waveId: string): Promise<Notice[]> {
      const rows = await db
        .selectFrom('notice')
        .selectAll()
        .where('wave_id', '=', waveId)
        .where('state', '=', 'asked')
        .execute()
      return rows.map(toNotice)
    },
    async noticeCounts(waveId: string): Promise<NoticeCount[]> {
      const rows = await db
        .selectFrom('notice')
        .select((it) => ['state', it.fn.countAll<number>().as('mails')])
        .where('wave_id', '=', waveId)
        .groupBy('state')
        .orderBy('state')
        .execute()
      return rows.map((row) => ({ state: row.state as NoticeState, mails: Number(row.mails) }))
    },
    async noticesOf(rolloutId: string, personId: string): Promise<Notice[]> {
      const rows = await db
        .selectFrom('notice')
        .selectAll()
        .where('rollout_id', '=', rolloutId)
        .where('person_id', '=', personId)
        .execute()
      return rows.map(toNotice)
    },
  }
}

export interface NoticeKey {
  waveId: string
  personId: string
  notice: string
}

type Values = Partial<
  Pick<
    Tables['notice'],
    'state' | 'reason' | 'address' | 'language' | 'says_at' | 'asked_at' | 'at' | 'request_id'
  >
>

const inChunks = 100

export function noticeWriter(tx: Tx) {
  return {
    /** Of everybody each kind; what is there already stays as it is. */
    async planNotices(
      place: { rolloutId: string; waveId: string },
      people: readonly string[],
      kinds: readonly NoticeKind[],
    ): Promise<void> {
      const rows = people.flatMap((personId) =>
        kinds.map(({ notice, moment, leadMs, isFirst, isLast }) => ({
          rollout_id: place.rolloutId,
          wave_id: place.waveId,
          person_id: personId,
          notice,
          moment,
          lead_ms: leadMs,
          is_first: isFirst ? (1 as const) : (0 as const),
          is_last: isLast ? (1 as const) : (0 as const),
          state: 'planned',
          reason: null,
          address: null,
          language: null,
          says_at: null,
          asked_at: null,
          at: null,
          request_id: null,
        })),
      )
      for (let start = 0; start < rows.length; start += inChunks) {
        await tx
          .insertInto('notice')
          .values(rows.slice(start, start + inChunks))
          .onConflict((conflict) => conflict.doNothing())
          .execute()
      }
    },
    async setNotice({ waveId, personId, notice }: NoticeKey, values: Values): Promise<void> {
      await tx
        .updateTable('notice')
        .set(values)
        .where('wave_id', '=', waveId)
        .where('person_id', '=', personId)
        .where('notice', '=', notice)
        .execute()
    },
    /** A revision of the plan may say others than these; of an empty list all of the wave's go. */
    async dropNoticesBut(
      waveId: string,
      names: readonly string[],
      { at, reason }: { at: number; reason: string },
    ): Promise<void> {
      let query = tx
        .updateTable('notice')
        .set({ state: 'dropped', reason, at })
        .where('wave_id', '=', waveId)
        .where('state', '=', 'planned')
      if (names.length > 0) query = query.where('notice', 'not in', [...names])
      await query.execute()
    },
    /** What was to go before the switch, of a wave in which nobody is switched any more. */
    async dropBefore(waveId: string, at: number): Promise<void> {
      await tx
        .updateTable('notice')
        .set({ state: 'dropped', reason: 'not switched by this wave', at })
        .where('wave_id', '=', waveId)
        .where('state', '=', 'planned')
        .where('moment', '=', 'before')
        .execute()
    },
    /** Whoever was taken back, or is gone, gets no more. */
    async dropNotices(waveId: string, at: number): Promise<void> {
      const out = tx
        .selectFrom('member')
        .select('person_id')
        .where('wave_id', '=', waveId)
        .where((it) =>
          it.or([
            it('restore', 'is not', null),
            it('parked_at', 'is not', null),
            it('outcome', 'in', ['gone', 'skipped', 'already']),
          ]),
        )
      await tx
        .updateTable('notice')
        .set({ state: 'dropped', reason: 'taken back, gone or not switched', at })
        .where('wave_id', '=', waveId)
        .where('state', '=', 'planned')
        .where('person_id', 'in', out)
        .execute()
    },
  }
}
