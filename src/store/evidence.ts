import type { Db, Tx } from './tables.ts'

export interface IntakeWindow {
  from: number
  to: number
  fetchedAt: number
  rows: number
  outcome: 'read' | 'failed' | 'noLicence'
  code: string | null
}

export interface StoredGateResult {
  id: number
  rolloutId: string
  waveId: string
  gate: string
  at: number
  verdict: string
  result: unknown
}

const UNDER_MFA = ['done', 'already']

function habitsKey(waveId: string): string {
  return `habits:${waveId}`
}

export function evidenceReader(db: Db) {
  return {
    async lastIntake(): Promise<IntakeWindow | undefined> {
      return (await this.intakesSince(0, 1))[0]
    },
    /** Newest first. */
    async intakesSince(fetchedAt: number, limit = 10_000): Promise<IntakeWindow[]> {
      const rows = await db
        .selectFrom('intake')
        .selectAll()
        .where('fetched_at', '>=', fetchedAt)
        .orderBy('id', 'desc')
        .limit(limit)
        .execute()
      return rows.map((row) => ({
        from: row.from_at,
        to: row.to_at,
        fetchedAt: row.fetched_at,
        rows: row.rows,
        outcome: row.outcome as IntakeWindow['outcome'],
        code: row.code,
      }))
    },
    /** What has been read of the sign-ins of a wave's people before their change; undefined: nothing. */
    async lookBack(waveId: string): Promise<{ from: number; to: number } | undefined> {
      const row = await db
        .selectFrom('look_back')
        .select(['from_at as from', 'to_at as to'])
        .where('wave_id', '=', waveId)
        .executeTakeFirst()
      return row
    },
    async signInsOfWave(waveId: string, since: number): Promise<{ personId: string; row: unknown }[]> {
      const rows = await db
        .selectFrom('sign_in')
        .innerJoin('member', 'member.person_id', 'sign_in.person_id')
        .select(['sign_in.person_id as personId', 'sign_in.row as row'])
        .where('member.wave_id', '=', waveId)
        .where('sign_in.at', '>=', since)
        .execute()
      return rows.map(({ personId, row }) => ({ personId, row: JSON.parse(row) }))
    },
    /** When the first member of a wave who is under MFA was in place; null: nobody is. */
    async firstInPlace(waveId: string): Promise<number | null> {
      const row = await db
        .selectFrom('member')
        .select('in_place_at')
        .where('wave_id', '=', waveId)
        .where('in_place_at', 'is not', null)
        .where('outcome', 'in', UNDER_MFA)
        .orderBy('in_place_at')
        .limit(1)
        .executeTakeFirst()
      return row?.in_place_at ?? null
    },
    /**
     * Who of the members at these positions is under MFA and has something to be judged by: a sign-in since then, or a
     * fact on record. `isOut`: taken back since, and read back.
     */
    async heardOf(
      waveId: string,
      since: number,
      from: number,
      to: number,
    ): Promise<{ personId: string; inPlaceAt: number; isOut: boolean }[]> {
      const rows = await db
        .selectFrom('member')
        .select(['person_id', 'in_place_at', 'restore'])
        .where('wave_id', '=', waveId)
        .where('position', '>=', from)
        .where('position', '<', to)
        .where('in_place_at', 'is not', null)
        .where('outcome', 'in', UNDER_MFA)
        .where((it) =>
          it.or([
            it('proven_at', 'is not', null),
            it('locked_out_at', 'is not', null),
            it('locked_out_now', '=', 1),
            it.exists(
              it
                .selectFrom('sign_in')
                .select('sign_in.id')
                .whereRef('sign_in.person_id', '=', 'member.person_id')
                .where('sign_in.at', '>=', since),
            ),
          ]),
        )
        .execute()
      return rows.map((row) => ({
        personId: row.person_id,
        inPlaceAt: row.in_place_at ?? 0,
        isOut: row.restore === 'restored' || row.restore === 'gone',
      }))
    },
    /** Where the members of a wave end. */
    async positionsOf(waveId: string): Promise<number> {
      const { last } = await db
        .selectFrom('member')
        .select((it) => it.fn.max('position').as('last'))
        .where('wave_id', '=', waveId)
        .executeTakeFirstOrThrow()
      return last === null ? 0 : last + 1
    },
    async signInsOf(personIds: readonly string[], since: number): Promise<Map<string, unknown[]>> {
      const found = new Map<string, unknown[]>()
      const rows = await db
        .selectFrom('sign_in')
        .select(['person_id', 'row'])
        .where('person_id', 'in', [...personIds])
        .where('at', '>=', since)
        .execute()
      for (const { person_id: id, row } of rows) {
        const list = found.get(id)
        if (list) list.push(JSON.parse(row))
        else found.set(id, [JSON.parse(row)])
      }
      return found
    },
    /** Rows of a wave's people that came in, or were corrected, since then. */
    async signInsFetched(waveId: string, since: number): Promise<{ personId: string; row: unknown }[]> {
      const rows = await db
        .selectFrom('sign_in')
        .innerJoin('member', 'member.person_id', 'sign_in.person_id')
        .select(['sign_in.person_id as personId', 'sign_in.row as row'])
        .where('member.wave_id', '=', waveId)
        .where('sign_in.fetched_at', '>=', since)
        .execute()
      return rows.map(({ personId, row }) => ({ personId, row: JSON.parse(row) }))
    },
    /** Whose sign-ins of before the switch were read back. */
    async habitsKnown(waveId: string): Promise<Set<string>> {
      const row = await db
        .selectFrom('setting')
        .select('value')
        .where('name', '=', habitsKey(waveId))
        .executeTakeFirst()
      return new Set(row ? (JSON.parse(row.value) as string[]) : [])
    },
    async gateResults(waveId: string): Promise<StoredGateResult[]> {
      const newest = db
        .selectFrom('gate_result')
        .select((it) => it.fn.max('id').as('id'))
        .where('wave_id', '=', waveId)
        .groupBy('gate')
      const rows = await db
        .selectFrom('gate_result')
        .selectAll()
        .where('id', 'in', newest)
        .orderBy('id')
        .execute()
      return rows.map((row) => ({
        id: row.id,
        rolloutId: row.rollout_id,
        waveId: row.wave_id,
        gate: row.gate,
        at: row.at,
        verdict: row.verdict,
        result: JSON.parse(row.result),
      }))
    },
  }
}

export function evidenceWriter(tx: Tx) {
  return {
    /** The last version of a row wins: Microsoft corrects rows, and sends some twice. */
    async saveSignIns(
      rows: readonly { id: string; personId: string; at: number; row: unknown }[],
      fetchedAt: number,
    ): Promise<void> {
      for (let start = 0; start < rows.length; start += 200) {
        await tx
          .insertInto('sign_in')
          .values(
            rows.slice(start, start + 200).map((row) => ({
              id: row.id,
              person_id: row.personId,
              at: row.at,
              fetched_at: fetchedAt,
              row: JSON.stringify(row.row),
            })),
          )
          .onConflict((conflict) =>
            conflict.column('id').doUpdateSet((it) => ({
              row: it.ref('excluded.row'),
              fetched_at: it.ref('excluded.fetched_at'),
            })),
          )
          .execute()
      }
    },
    async noteHabits(waveId: string, people: readonly string[]): Promise<void> {
      const known = await evidenceReader(tx).habitsKnown(waveId)
      const value = JSON.stringify([...new Set([...known, ...people])])
      await tx
        .insertInto('setting')
        .values({ name: habitsKey(waveId), value })
        .onConflict((conflict) => conflict.column('name').doUpdateSet({ value }))
        .execute()
    },
    async recordIntake(window: IntakeWindow): Promise<void> {
      await tx
        .insertInto('intake')
        .values({
          from_at: window.from,
          to_at: window.to,
          fetched_at: window.fetchedAt,
          rows: window.rows,
          outcome: window.outcome,
          code: window.code,
        })
        .execute()
    },
    async saveLookBack(waveId: string, { from, to }: { from: number; to: number }): Promise<void> {
      await tx
        .insertInto('look_back')
        .values({ wave_id: waveId, from_at: from, to_at: to })
        .onConflict((conflict) => conflict.column('wave_id').doUpdateSet({ from_at: from, to_at: to }))
        .execute()
    },
    async recordGate(result: Omit<StoredGateResult, 'id'>): Promise<void> {
      await tx
        .insertInto('gate_result')
        .values({
          rollout_id: result.rolloutId,
          wave_id: result.waveId,
          gate: result.gate,
          at: result.at,
          verdict: result.verdict,
          result: JSON.stringify(result.result),
        })
        .execute()
    },
  }
}
