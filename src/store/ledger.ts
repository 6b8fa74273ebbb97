import type { Db, Tx } from './tables.ts'

export interface BeforeImage {
  id: number
  personId: string
  effect: string
  target: string
  image: Readonly<Record<string, string | boolean>>
  rolloutId: string
  waveId: string
  recordedAt: number
  closedAt: number | null
}

export type Answer = 'accepted' | 'alreadySo' | 'refused' | 'unknown'

/** One try to change one person: the intent first, the answer when it comes. An intent without an answer may have been sent. */
export interface Attempt {
  id: number
  personId: string
  direction: 'apply' | 'restore'
  number: number
  intendedAt: number
  answeredAt: number | null
  answer: Answer | null
  code: string | null
  requestId: string | null
  clientRequestId: string | null
}

export interface TenantImage {
  id: number
  kind: string
  objectId: string | null
  /** null: the object did not exist; it is ours. */
  image: Record<string, unknown> | null
  rolloutId: string
}

export interface Call {
  requestId?: string | undefined
  clientRequestId?: string | undefined
  code?: string | undefined
}

const inChunks = 500

export function ledgerReader(db: Db) {
  return {
    /** Before-images that stand: recorded by our first change and not yet restored. */
    async openImages(
      effect: string,
      target: string,
      personIds: readonly string[],
    ): Promise<Map<string, BeforeImage>> {
      const found = new Map<string, BeforeImage>()
      for (let start = 0; start < personIds.length; start += inChunks) {
        const rows = await db
          .selectFrom('before_image')
          .selectAll()
          .where('effect', '=', effect)
          .where('target', '=', target)
          .where('closed_at', 'is', null)
          .where('person_id', 'in', personIds.slice(start, start + inChunks))
          .execute()
        for (const row of rows) {
          found.set(row.person_id, {
            id: row.id,
            personId: row.person_id,
            effect: row.effect,
            target: row.target,
            image: JSON.parse(row.image),
            rolloutId: row.rollout_id,
            waveId: row.wave_id,
            recordedAt: row.recorded_at,
            closedAt: row.closed_at,
          })
        }
      }
      return found
    },
    /** Of whom a before-image of this effect stands, whoever they are. */
    async peopleChanged(effect: string, target: string): Promise<string[]> {
      const rows = await db
        .selectFrom('before_image')
        .select('person_id')
        .where('effect', '=', effect)
        .where('target', '=', target)
        .where('closed_at', 'is', null)
        .orderBy('id')
        .execute()
      return rows.map((row) => row.person_id)
    },
    /** Every attempt there ever was on these people, oldest first. */
    async attempts(
      effect: string,
      target: string,
      personIds: readonly string[],
    ): Promise<Map<string, Attempt[]>> {
      const found = new Map<string, Attempt[]>()
      for (let start = 0; start < personIds.length; start += inChunks) {
        const rows = await db
          .selectFrom('attempt')
          .selectAll()
          .where('effect', '=', effect)
          .where('target', '=', target)
          .where('person_id', 'in', personIds.slice(start, start + inChunks))
          .orderBy('id')
          .execute()
        for (const row of rows) {
          const list = found.get(row.person_id) ?? []
          list.push({
            id: row.id,
            personId: row.person_id,
            direction: row.direction as Attempt['direction'],
            number: row.number,
            intendedAt: row.intended_at,
            answeredAt: row.answered_at,
            answer: row.answer as Answer | null,
            code: row.code,
            requestId: row.request_id,
            clientRequestId: row.client_request_id,
          })
          found.set(row.person_id, list)
        }
      }
      return found
    },
    /** The standing image of an object of the tenant: how it was before our first change, in whichever run that was. */
    async tenantImage(kind: string, rolloutId: string, objectId?: string): Promise<TenantImage | undefined> {
      const row = await db
        .selectFrom('tenant_image')
        .selectAll()
        .where('kind', '=', kind)
        .where((it) =>
          it.or([
            it('rollout_id', '=', rolloutId),
            ...(objectId === undefined ? [] : [it('object_id', '=', objectId)]),
          ]),
        )
        .where('closed_at', 'is', null)
        .orderBy('id')
        .executeTakeFirst()
      return (
        row && {
          id: row.id,
          kind: row.kind,
          objectId: row.object_id,
          image: row.image === null ? null : JSON.parse(row.image),
          rolloutId: row.rollout_id,
        }
      )
    },
  }
}

interface Place {
  effect: string
  target: string
  rolloutId: string
  waveId: string
  at: number
}

export function ledgerWriter(tx: Tx) {
  return {
    /** Keeps the first: an image that stands is never replaced. */
    async recordImages(
      place: Place,
      images: readonly { personId: string; image: BeforeImage['image'] }[],
    ): Promise<void> {
      const rows = images.map(({ personId, image }) => ({
        person_id: personId,
        effect: place.effect,
        target: place.target,
        image: JSON.stringify(image),
        rollout_id: place.rolloutId,
        wave_id: place.waveId,
        recorded_at: place.at,
        closed_at: null,
      }))
      for (let start = 0; start < rows.length; start += inChunks) {
        await tx
          .insertInto('before_image')
          .values(rows.slice(start, start + inChunks))
          .onConflict((conflict) => conflict.doNothing())
          .execute()
      }
    },
    async closeImages(ids: readonly number[], at: number): Promise<void> {
      for (let start = 0; start < ids.length; start += inChunks) {
        await tx
          .updateTable('before_image')
          .set({ closed_at: at })
          .where('id', 'in', ids.slice(start, start + inChunks))
          .execute()
      }
    },
    /** Records that these people are about to be changed, before the call is sent. Answers with the attempts' ids. */
    async intend(
      place: Place,
      direction: Attempt['direction'],
      people: readonly { personId: string; number: number }[],
    ): Promise<number[]> {
      const rows = await tx
        .insertInto('attempt')
        .values(
          people.map(({ personId, number }) => ({
            person_id: personId,
            effect: place.effect,
            target: place.target,
            direction,
            number,
            rollout_id: place.rolloutId,
            wave_id: place.waveId,
            intended_at: place.at,
            answered_at: null,
            answer: null,
            code: null,
            request_id: null,
            client_request_id: null,
          })),
        )
        .returning('id')
        .execute()
      return rows.map((row) => row.id)
    },
    async answer(ids: readonly number[], at: number, answer: Answer, call: Call): Promise<void> {
      await tx
        .updateTable('attempt')
        .set({
          answered_at: at,
          answer,
          code: call.code ?? null,
          request_id: call.requestId ?? null,
          client_request_id: call.clientRequestId ?? null,
        })
        .where('id', 'in', [...ids])
        .where('answered_at', 'is', null)
        .execute()
    },
    async recordTenantImage(image: Omit<TenantImage, 'id'> & { at: number }): Promise<void> {
      await tx
        .insertInto('tenant_image')
        .values({
          kind: image.kind,
          object_id: image.objectId,
          image: image.image === null ? null : JSON.stringify(image.image),
          rollout_id: image.rolloutId,
          recorded_at: image.at,
          closed_at: null,
        })
        .execute()
    },
    async nameTenantObject(id: number, objectId: string): Promise<void> {
      await tx.updateTable('tenant_image').set({ object_id: objectId }).where('id', '=', id).execute()
    },
    async closeTenantImage(id: number, at: number): Promise<void> {
      await tx.updateTable('tenant_image').set({ closed_at: at }).where('id', '=', id).execute()
    },
  }
}
