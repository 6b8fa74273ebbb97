import { sql } from 'kysely'
import { type Member, toMember } from './member.ts'
import type { Db, Tables, Tx } from './tables.ts'

/** What came of a step for a person; `pending`: wanted and not yet settled; `needs`: a person has to look. */
export const PREPARE_OUTCOMES = [
  'pending',
  'done',
  'already',
  'skipped',
  'failed',
  'unknown',
  'gone',
  'needs',
] as const
export type PrepareOutcome = (typeof PREPARE_OUTCOMES)[number]

type Wanted = Readonly<Record<string, string | boolean>>

/** One step of the preparation of one person in a rollout. */
export interface Prepared {
  rolloutId: string
  waveId: string
  personId: string
  step: string
  outcome: PrepareOutcome
  reason: string | null
  /** What the person was to get, as the change shows it; kept so that it can be undone by what was done. */
  wanted: Wanted | null
  at: number
  /** How taking it back ended; null: nobody asked. */
  restore: string | null
  restoreReason: string | null
  restoredAt: number | null
}

export interface PrepareCount {
  step: string
  outcome: PrepareOutcome
  people: number
  /** Of them, those who get something that a warning goes with. */
  warned: number
}

function toPrepared(row: Tables['preparation']): Prepared {
  return {
    rolloutId: row.rollout_id,
    waveId: row.wave_id,
    personId: row.person_id,
    step: row.step,
    outcome: row.outcome as PrepareOutcome,
    reason: row.reason,
    wanted: row.wanted === null ? null : JSON.parse(row.wanted),
    at: row.at,
    restore: row.restore,
    restoreReason: row.restore_reason,
    restoredAt: row.restored_at,
  }
}

const inChunks = 500

export function preparationReader(db: Db) {
  /** Who goes with the wave and has no outcome of this step in it yet. */
  const open = (waveId: string, step: string) =>
    db
      .selectFrom('member')
      .leftJoin('preparation', (join) =>
        join
          .onRef('preparation.rollout_id', '=', 'member.rollout_id')
          .onRef('preparation.person_id', '=', 'member.person_id')
          .onRef('preparation.wave_id', '=', 'member.wave_id')
          .on('preparation.step', '=', step),
      )
      .where('member.wave_id', '=', waveId)
      .where('member.deferred', 'is', null)
      .where('member.outcome', '!=', 'gone')
      .where((it) =>
        it.or([it('preparation.outcome', 'is', null), it('preparation.outcome', '=', 'pending')]),
      )
  return {
    /** In order, at most so many. */
    async toPrepare(waveId: string, step: string, limit: number): Promise<Member[]> {
      const rows = await open(waveId, step)
        .selectAll('member')
        .orderBy('member.position')
        .limit(limit)
        .execute()
      return rows.map(toMember)
    },
    async leftToPrepare(waveId: string, step: string): Promise<number> {
      const row = await open(waveId, step)
        .select((it) => it.fn.countAll<number>().as('people'))
        .executeTakeFirstOrThrow()
      return Number(row.people)
    },
    /** What came of these people’s preparation in a rollout: all steps, or one. */
    async preparations(rolloutId: string, personIds: readonly string[], step?: string): Promise<Prepared[]> {
      const found: Prepared[] = []
      for (let start = 0; start < personIds.length; start += inChunks) {
        let query = db
          .selectFrom('preparation')
          .selectAll()
          .where('rollout_id', '=', rolloutId)
          .where('person_id', 'in', personIds.slice(start, start + inChunks))
        if (step !== undefined) query = query.where('step', '=', step)
        found.push(...(await query.orderBy('step').execute()).map(toPrepared))
      }
      return found
    },
    async preparationsWith(waveId: string, step: string, outcome: PrepareOutcome): Promise<Prepared[]> {
      const rows = await db
        .selectFrom('preparation')
        .selectAll()
        .where('wave_id', '=', waveId)
        .where('step', '=', step)
        .where('outcome', '=', outcome)
        .execute()
      return rows.map(toPrepared)
    },
    /** How many people of a wave have which outcome, step by step. */
    async preparationCounts(waveId: string): Promise<PrepareCount[]> {
      const rows = await db
        .selectFrom('preparation')
        .select((it) => [
          'step',
          'outcome',
          it.fn.countAll<number>().as('people'),
          it.fn
            .sum<number>(
              it
                .case()
                .when(it.and([it('wanted', 'like', '%"warns":"%'), it('wanted', 'not like', '%"warns":""%')]))
                .then(1)
                .else(0)
                .end(),
            )
            .as('warned'),
        ])
        .where('wave_id', '=', waveId)
        .groupBy(['step', 'outcome'])
        .orderBy('step')
        .orderBy('outcome')
        .execute()
      return rows.map((row) => ({
        step: row.step,
        outcome: row.outcome as PrepareOutcome,
        people: Number(row.people),
        warned: Number(row.warned),
      }))
    },
    /** The first moment at which somebody of the wave who waits for theirs may be changed; null: nobody waits. */
    async nextNotBefore(waveId: string, now: number): Promise<number | null> {
      const row = await db
        .selectFrom('member')
        .select((it) => it.fn.min('not_before').as('at'))
        .where('wave_id', '=', waveId)
        .where('deferred', 'is', null)
        .where('outcome', '=', 'pending')
        .where('not_before', '>', now)
        .executeTakeFirstOrThrow()
      return row.at === null ? null : Number(row.at)
    },
  }
}

interface Settled {
  step: string
  outcome: PrepareOutcome
  reason: string | null
  at: number
}

export function preparationWriter(tx: Tx) {
  return {
    /** What was found of people for a step, in the place of whatever was known of it before. */
    async notePrepared(
      place: { rolloutId: string; waveId: string; step: string; at: number },
      people: readonly {
        personId: string
        outcome: PrepareOutcome
        reason: string | null
        wanted: Wanted | null
      }[],
    ): Promise<void> {
      const rows = people.map(({ personId, outcome, reason, wanted }) => ({
        rollout_id: place.rolloutId,
        person_id: personId,
        step: place.step,
        wave_id: place.waveId,
        outcome,
        reason,
        wanted: wanted === null ? null : JSON.stringify(wanted),
        at: place.at,
        restore: null,
        restore_reason: null,
        restored_at: null,
      }))
      for (let start = 0; start < rows.length; start += inChunks) {
        await tx
          .insertInto('preparation')
          .values(rows.slice(start, start + inChunks))
          .onConflict((conflict) =>
            conflict.columns(['rollout_id', 'person_id', 'step']).doUpdateSet((it) => ({
              wave_id: it.ref('excluded.wave_id'),
              outcome: it.ref('excluded.outcome'),
              reason: it.ref('excluded.reason'),
              // What was once sent stays known: it is what an undo has to look for.
              wanted: sql`coalesce(excluded.wanted, preparation.wanted)`,
              at: it.ref('excluded.at'),
              restore: null,
              restore_reason: null,
              restored_at: null,
            })),
          )
          .execute()
      }
    },
    async setPrepared(
      rolloutId: string,
      people: readonly string[],
      { step, outcome, reason, at }: Settled,
    ): Promise<void> {
      for (let start = 0; start < people.length; start += inChunks) {
        await tx
          .updateTable('preparation')
          .set({ outcome, reason, at })
          .where('rollout_id', '=', rolloutId)
          .where('step', '=', step)
          .where('person_id', 'in', people.slice(start, start + inChunks))
          .execute()
      }
    },
    /** Steps that failed are open again; what was wanted, and may have been sent, stays known. */
    async prepareAgain(rolloutId: string, people: readonly string[], at: number): Promise<void> {
      for (let start = 0; start < people.length; start += inChunks) {
        await tx
          .updateTable('preparation')
          .set({ outcome: 'pending', reason: null, at })
          .where('rollout_id', '=', rolloutId)
          .where('outcome', '=', 'failed')
          .where('person_id', 'in', people.slice(start, start + inChunks))
          .execute()
      }
    },
    /** How taking it back ended for these. */
    async setUnprepared(
      rolloutId: string,
      people: readonly string[],
      told: { step: string; restore: string; reason: string; at: number; isOver: boolean },
    ): Promise<void> {
      for (let start = 0; start < people.length; start += inChunks) {
        await tx
          .updateTable('preparation')
          .set({
            restore: told.restore,
            restore_reason: told.reason,
            restored_at: told.isOver ? told.at : null,
          })
          .where('rollout_id', '=', rolloutId)
          .where('step', '=', told.step)
          .where('person_id', 'in', people.slice(start, start + inChunks))
          .execute()
      }
    },
  }
}
