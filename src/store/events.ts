import type { Db, Tables, Tx } from './tables.ts'

export interface StoredEvent {
  seq: number
  at: number
  rolloutId: string | null
  waveId: string | null
  personId: string | null
  type: string
  actor: string
  reason: string
  data: Record<string, unknown>
}

export type NewEvent = Omit<StoredEvent, 'seq' | 'waveId' | 'personId' | 'reason' | 'data'> &
  Partial<Pick<StoredEvent, 'waveId' | 'personId' | 'reason' | 'data'>>

function toEvent(row: Tables['event'] | { seq: number }): StoredEvent {
  const full = row as Omit<Tables['event'], 'seq'> & { seq: number }
  return {
    seq: full.seq,
    at: full.at,
    rolloutId: full.rollout_id,
    waveId: full.wave_id,
    personId: full.person_id,
    type: full.type,
    actor: full.actor,
    reason: full.reason,
    data: JSON.parse(full.data),
  }
}

export function eventReader(db: Db) {
  return {
    /** Everybody who is the actor of such an event of a rollout. */
    async actorsOf(rolloutId: string, type: string): Promise<string[]> {
      const rows = await db
        .selectFrom('event')
        .select('actor')
        .distinct()
        .where('rollout_id', '=', rolloutId)
        .where('type', '=', type)
        .execute()
      return rows.map((row) => row.actor)
    },
    /** How often somebody has done this since, in any rollout. */
    async timesDone(actor: string, type: string, since: number): Promise<number> {
      const row = await db
        .selectFrom('event')
        .select((it) => it.fn.countAll<number>().as('times'))
        .where('actor', '=', actor)
        .where('type', '=', type)
        .where('at', '>=', since)
        .executeTakeFirstOrThrow()
      return Number(row.times)
    },
    /** Events after a sequence number, oldest first. */
    async events(rolloutId: string | null, after: number, limit: number): Promise<StoredEvent[]> {
      let query = db.selectFrom('event').selectAll().where('seq', '>', after)
      if (rolloutId !== null) query = query.where('rollout_id', '=', rolloutId)
      return (await query.orderBy('seq').limit(limit).execute()).map(toEvent)
    },
    /** When such a hold of the rollout was last lifted; -1: never. */
    async liftedAt(rolloutId: string, kind: string): Promise<number> {
      const row = await db
        .selectFrom('event')
        .select('at')
        .where('rollout_id', '=', rolloutId)
        .where('type', '=', 'hold.lifted')
        .where('wave_id', 'is', null)
        .where('data', 'like', `%"kind":"${kind}"%`)
        .orderBy('seq', 'desc')
        .limit(1)
        .executeTakeFirst()
      return row?.at ?? -1
    },
    /** The newest event of these types: of the rollout, or only of one wave, or with null only of no wave. */
    async newestEvent(
      rolloutId: string,
      types: readonly string[],
      waveId?: string | null,
    ): Promise<StoredEvent | undefined> {
      let query = db
        .selectFrom('event')
        .selectAll()
        .where('rollout_id', '=', rolloutId)
        .where('type', 'in', [...types])
      if (waveId === null) query = query.where('wave_id', 'is', null)
      else if (waveId !== undefined) query = query.where('wave_id', '=', waveId)
      const row = await query.orderBy('seq', 'desc').limit(1).executeTakeFirst()
      return row && toEvent(row)
    },
  }
}

export function eventWriter(tx: Tx, appended: StoredEvent[]) {
  return {
    async append(event: NewEvent): Promise<void> {
      const full = { waveId: null, personId: null, reason: '', data: {}, ...event }
      const { seq } = await tx
        .insertInto('event')
        .values({
          at: full.at,
          rollout_id: full.rolloutId,
          wave_id: full.waveId,
          person_id: full.personId,
          type: full.type,
          actor: full.actor,
          reason: full.reason,
          data: JSON.stringify(full.data),
        })
        .returning('seq')
        .executeTakeFirstOrThrow()
      appended.push({ ...full, seq })
    },
  }
}
