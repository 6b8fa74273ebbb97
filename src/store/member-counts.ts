import { createHash } from 'node:crypto'
import { sql } from 'kysely'
import { moveReader } from './moved.ts'
import type { Db, Tx } from './tables.ts'

/** What is counted of the members of a wave, each by a condition on one row. */
const COUNTED = {
  members: '1 = 1',
  /** Whom the wave goes for or went for: what a budget is a share of. Who was taken back since counts still. */
  tried: "outcome != 'gone' and (deferred is null or requested_at is not null)",
  deferred: 'deferred is not null',
  /** Parked until they sign in again: a category of their own, and no success. */
  away: "deferred = 'away'",
  pending: "deferred is null and outcome = 'pending'",
  inPlace: "outcome in ('done', 'already') and coalesce(restore, '') not in ('restored', 'gone')",
  already: "outcome = 'already'",
  failed: "outcome = 'failed'",
  unknown: "deferred is null and outcome = 'unknown'",
  gone: "outcome = 'gone'",
  skipped: "outcome = 'skipped'",
  proven: 'proven_at is not null',
  everLockedOut: 'locked_out_at is not null',
  lockedOutNow: 'locked_out_now = 1',
  restored: "restore = 'restored'",
  restoreFailed: "restore = 'failed'",
  restoreUnknown: "restore = 'unknown'",
  /** Stay in until a second person confirms their rollback. */
  leftIn: "restore = 'leftIn'",
  perUserRetired: "per_user_mfa = 'retired'",
  perUserKept: "per_user_mfa = 'keeps' and deferred is null and restore is null",
  perUserFailed: "per_user_mfa in ('failed', 'unknown') and deferred is null and restore is null",
  /** Not under MFA by the rollout. */
  leftOver:
    "outcome != 'gone' and (deferred is not null or outcome in ('failed', 'unknown', 'skipped', 'pending') or restore = 'restored')",
} as const
type Counted = keyof typeof COUNTED
const names = Object.keys(COUNTED) as Counted[]

export interface MemberCounts extends Record<Counted, number> {
  /** Are in a later wave by now; counted among the members. */
  moved: number
  inPlaceAt: number | null
}

/** Members of these waves counted one by one: by wave, then by what. */
type Tally = Map<string, Record<Counted, number>>

export async function countsOf(db: Db, waveId: string): Promise<MemberCounts> {
  const rows = await db
    .selectFrom('member_count')
    .select(['what', 'people'])
    .where('wave_id', '=', waveId)
    .execute()
  const kept = new Map(rows.map(({ what, people }) => [what, Number(people)]))
  const { at } = await db
    .selectFrom('member')
    .select((it) => it.fn.max('in_place_at').as('at'))
    .where('wave_id', '=', waveId)
    .executeTakeFirstOrThrow()
  const own = forEachCounted((what) => kept.get(what) ?? 0)
  const { moved, tried, proven, everLockedOut } = await moveReader(db).movedCounts(waveId)
  return {
    ...own,
    members: own.members + moved,
    moved,
    tried: own.tried + tried,
    proven: own.proven + proven,
    everLockedOut: own.everLockedOut + everLockedOut,
    inPlaceAt: at,
  }
}

/** Does what changes these members, and counts them anew. Every write of a member goes through here. */
export async function counting(
  tx: Tx,
  rolloutId: string,
  personIds: readonly string[],
  change: () => Promise<void>,
): Promise<void> {
  const among = () => tally(tx, rolloutId, personIds)
  const before = await among()
  await change()
  const after = await among()
  const rows = [...new Set([...before.keys(), ...after.keys()])].flatMap((waveId) =>
    names.flatMap((what) => {
      const people = (after.get(waveId)?.[what] ?? 0) - (before.get(waveId)?.[what] ?? 0)
      return people === 0 ? [] : [{ wave_id: waveId, what, people }]
    }),
  )
  await add(tx, rows)
}

const DEFINITION = 'memberCounts'

/** Counts all members anew where this build counts otherwise than the one that last opened the database. */
export async function recountIfOtherwise(db: Db): Promise<void> {
  const value = createHash('sha256').update(JSON.stringify(COUNTED)).digest('hex')
  const kept = await db
    .selectFrom('setting')
    .select('value')
    .where('name', '=', DEFINITION)
    .executeTakeFirst()
  if (kept?.value === value) return
  await db.transaction().execute(async (tx) => {
    await tx.deleteFrom('member_count').execute()
    const all = [...(await tally(tx))]
    const rows = all.flatMap(([wave_id, of]) => names.map((what) => ({ wave_id, what, people: of[what] })))
    for (const row of rows) await add(tx, [row])
    await tx
      .insertInto('setting')
      .values({ name: DEFINITION, value })
      .onConflict((conflict) => conflict.column('name').doUpdateSet({ value }))
      .execute()
  })
}

// Written once: building it anew for every change of a member costs more than running it.
const SUMS = sql.raw(
  names.map((what) => `sum(case when ${COUNTED[what]} then 1 else 0 end) as "${what}"`).join(', '),
)

async function tally(db: Db | Tx, rolloutId?: string, personIds?: readonly string[]): Promise<Tally> {
  const among =
    rolloutId === undefined || personIds === undefined
      ? sql``
      : sql`where rollout_id = ${rolloutId} and person_id in (${sql.join([...personIds])})`
  const { rows } = await sql<
    { wave_id: string } & Record<Counted, number>
  >`select wave_id, ${SUMS} from member ${among} group by wave_id`.execute(db)
  return new Map(rows.map((row) => [row.wave_id, forEachCounted((what) => Number(row[what]))]))
}

async function add(
  tx: Tx,
  rows: readonly { wave_id: string; what: string; people: number }[],
): Promise<void> {
  if (rows.length === 0) return
  await tx
    .insertInto('member_count')
    .values([...rows])
    .onConflict((conflict) =>
      conflict.columns(['wave_id', 'what']).doUpdateSet({
        people: sql<number>`member_count.people + excluded.people`,
      }),
    )
    .execute()
}

function forEachCounted(count: (what: Counted) => number): Record<Counted, number> {
  return Object.fromEntries(names.map((what) => [what, count(what)])) as Record<Counted, number>
}
