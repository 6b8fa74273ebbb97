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
    /** Events after a sequence number, oldest first. */
    async events(rolloutId: string | null, after: number, limit: number): Promise<StoredEvent[]> {
      let query = db.selectFrom('event').selectAll().where('seq', '>', after)
      if (rolloutId !== null) query = query.where('rollout_id', '=', rolloutId)
      return (await query.orderBy('seq').limit(limit).execute()).map(toEvent)
    },
    /** The sequence number of the newest event of a type. */
    async lastEvent(rolloutId: string, type: string): Promise<number | undefined> {
      const row = await db
        .selectFrom('event')
        .select('seq')
        .where('rollout_id', '=', rolloutId)
        .where('type', '=', type)
        .orderBy('seq', 'desc')
        .executeTakeFirst()
      return row?.seq
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
