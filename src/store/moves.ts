import { counting } from './member-counts.ts'
import type { Tx } from './tables.ts'

/** As if never asked: what was before stays in the events, in the ledger and with the wave they leave. */
const FRESH = {
  deferred: null,
  outcome: 'pending',
  outcome_reason: null,
  requested_at: null,
  in_place_at: null,
  proven_at: null,
  locked_out_at: null,
  locked_out_now: 0,
  restore: null,
  restore_reason: null,
  restored_at: null,
  parked_at: null,
  released_at: null,
  left_in_by: null,
  confirmed_by: null,
  not_before: null,
} as const

export function moveWriter(tx: Tx) {
  return {
    /** Members of a rollout into a later wave of it, in this order. */
    async moveMembers(
      to: { rolloutId: string; waveId: string; at: number },
      people: readonly string[],
    ): Promise<void> {
      for (const [position, personId] of people.entries()) {
        const row = await tx
          .selectFrom('member')
          .selectAll()
          .where('rollout_id', '=', to.rolloutId)
          .where('person_id', '=', personId)
          .executeTakeFirstOrThrow()
        await tx
          .insertInto('moved_member')
          .values({
            rollout_id: to.rolloutId,
            person_id: personId,
            upn: row.upn,
            from_wave: row.wave_id,
            to_wave: to.waveId,
            at: to.at,
            was: row.deferred ?? row.restore ?? row.outcome,
            requested_at: row.requested_at,
            proven_at: row.proven_at,
            locked_out_at: row.locked_out_at,
          })
          .execute()
        await counting(tx, to.rolloutId, [personId], async () => {
          await tx
            .updateTable('member')
            .set({ ...FRESH, wave_id: to.waveId, position })
            .where('rollout_id', '=', to.rolloutId)
            .where('person_id', '=', personId)
            .execute()
        })
      }
    },
  }
}
