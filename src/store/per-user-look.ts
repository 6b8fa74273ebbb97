import { type Member, toMember } from './members.ts'
import type { Db, Tables, Tx } from './tables.ts'

/** A member whose per-user MFA is looked at, with how it was left; null: never noted. */
export interface WatchedPerson {
  member: Member
  state: string | null
}

/** An approver’s word that a state is left as another hand made it. */
export interface TakenAsIs {
  personId: string
  image: Readonly<Record<string, string | boolean>>
  by: string
  reason: string
  at: number
}

/** While a wave is in one of these its people are where we put them. */
const IN_PLACE = ['enforcing', 'soaking', 'judging', 'completed']

/** Marks of a crossing after which a state is expected. */
const EXPECTED = ['retired', 'keeps']

export function lookReader(db: Db) {
  const watched = (rolloutId: string, isCrossing: boolean) => {
    const all = db
      .selectFrom('member')
      .innerJoin('wave', 'wave.id', 'member.wave_id')
      .leftJoin('per_user_look as look', (join) =>
        join
          .onRef('look.rollout_id', '=', 'member.rollout_id')
          .onRef('look.person_id', '=', 'member.person_id'),
      )
      .selectAll('member')
      .select('look.state as look_state')
      .where('member.rollout_id', '=', rolloutId)
      .where('member.deferred', 'is', null)
      .where('member.restore', 'is', null)
      .where('member.outcome', 'in', ['done', 'already'])
      .where('member.in_place_at', 'is not', null)
      .where('wave.state', 'in', IN_PLACE)
    return isCrossing ? all.where('member.per_user_mfa', 'in', EXPECTED) : all
  }
  const toWatched = (row: Tables['member'] & { look_state: string | null }): WatchedPerson => ({
    member: toMember(row),
    state: row.look_state,
  })
  return {
    /** People in place whose per-user state is expected to be as it was left, the longest not looked at first. */
    async perUserToLook(rolloutId: string, isCrossing: boolean, limit: number): Promise<WatchedPerson[]> {
      const rows = await watched(rolloutId, isCrossing)
        .orderBy((it) => it.fn.coalesce('look.looked_at', it.lit(0)))
        .orderBy('member.position')
        .orderBy('member.person_id')
        .limit(limit)
        .execute()
      return rows.map(toWatched)
    },
    /** The same, of these people. */
    async perUserAmong(
      rolloutId: string,
      isCrossing: boolean,
      personIds: readonly string[],
    ): Promise<WatchedPerson[]> {
      const found: WatchedPerson[] = []
      for (let start = 0; start < personIds.length; start += inChunks) {
        const some = personIds.slice(start, start + inChunks)
        const rows = await watched(rolloutId, isCrossing).where('member.person_id', 'in', some).execute()
        found.push(...rows.map(toWatched))
      }
      return found
    },
    /** What was taken as it is of these people, by object id. */
    async takenAsIs(
      effect: string,
      target: string,
      personIds: readonly string[],
    ): Promise<Map<string, TakenAsIs>> {
      const found = new Map<string, TakenAsIs>()
      for (let start = 0; start < personIds.length; start += inChunks) {
        const rows = await db
          .selectFrom('taken_as_is')
          .selectAll()
          .where('effect', '=', effect)
          .where('target', '=', target)
          .where('person_id', 'in', personIds.slice(start, start + inChunks))
          .execute()
        for (const { person_id: personId, image, by, reason, at } of rows)
          found.set(personId, { personId, image: JSON.parse(image), by, reason, at })
      }
      return found
    },
  }
}

const inChunks = 500

export function lookWriter(tx: Tx) {
  return {
    async notePerUserLook(rolloutId: string, personIds: readonly string[], at: number): Promise<void> {
      for (const personId of personIds) {
        await tx
          .insertInto('per_user_look')
          .values({ rollout_id: rolloutId, person_id: personId, looked_at: at, state: null })
          .onConflict((it) => it.columns(['rollout_id', 'person_id']).doUpdateSet({ looked_at: at }))
          .execute()
      }
    },
    /** How a person’s own state was left: what later looks compare with. */
    async notePerUserState(rolloutId: string, states: ReadonlyMap<string, string>): Promise<void> {
      for (const [personId, state] of states) {
        await tx
          .insertInto('per_user_look')
          .values({ rollout_id: rolloutId, person_id: personId, looked_at: null, state })
          .onConflict((it) => it.columns(['rollout_id', 'person_id']).doUpdateSet({ state }))
          .execute()
      }
    },
    /** The last word counts. */
    async takeAsIs(
      place: { effect: string; target: string; rolloutId: string },
      { personId, image, by, reason, at }: TakenAsIs,
    ): Promise<void> {
      const values = { rollout_id: place.rolloutId, image: JSON.stringify(image), by, reason, at }
      await tx
        .insertInto('taken_as_is')
        .values({ effect: place.effect, target: place.target, person_id: personId, ...values })
        .onConflict((it) => it.columns(['effect', 'target', 'person_id']).doUpdateSet(values))
        .execute()
    },
    async endTakenAsIs(effect: string, target: string, personIds: readonly string[]): Promise<void> {
      for (let start = 0; start < personIds.length; start += inChunks) {
        await tx
          .deleteFrom('taken_as_is')
          .where('effect', '=', effect)
          .where('target', '=', target)
          .where('person_id', 'in', personIds.slice(start, start + inChunks))
          .execute()
      }
    },
  }
}
