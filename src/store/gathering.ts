import type { Source } from '../people/facts.ts'
import type { Db, Tx } from './tables.ts'

/** How far the reading of one source is. */
export interface SourceReading {
  source: Source
  state: 'idle' | 'reading' | 'read' | 'failed'
  /** When the reading that is under way, or was the last, began. */
  begunAt: number | null
  /** When it was last read to its end. */
  readAt: number | null
  failedAt: number | null
  why: string | null
  /** `licence`, `forbidden`, ... */
  code: string | null
  /** Where a reading goes on after a crash. */
  next: unknown
  /** Where changes since the last reading are to be had. */
  delta: string | null
  deltaAt: number | null
  rows: number
  calls: number
}

export function gatheringReader(db: Db) {
  return {
    async readings(): Promise<SourceReading[]> {
      const rows = await db.selectFrom('gathering').selectAll().execute()
      return rows.map((row) => ({
        source: row.source as Source,
        state: row.state as SourceReading['state'],
        begunAt: row.begun_at,
        readAt: row.read_at,
        failedAt: row.failed_at,
        why: row.why,
        code: row.code,
        next: row.next === null ? null : JSON.parse(row.next),
        delta: row.delta,
        deltaAt: row.delta_at,
        rows: Number(row.rows),
        calls: Number(row.calls),
      }))
    },
  }
}

export function gatheringWriter(tx: Tx) {
  return {
    async setReading(reading: SourceReading): Promise<void> {
      const row = {
        source: reading.source,
        state: reading.state,
        begun_at: reading.begunAt,
        read_at: reading.readAt,
        failed_at: reading.failedAt,
        why: reading.why,
        code: reading.code,
        next: reading.next == null ? null : JSON.stringify(reading.next),
        delta: reading.delta,
        delta_at: reading.deltaAt,
        rows: reading.rows,
        calls: reading.calls,
      }
      const { source: _key, ...values } = row
      await tx
        .insertInto('gathering')
        .values(row)
        .onConflict((it) => it.column('source').doUpdateSet(values))
        .execute()
    },
  }
}
