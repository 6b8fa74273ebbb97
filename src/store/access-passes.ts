import type { Answer, Call } from './ledger.ts'
import type { Db, Tables, Tx } from './tables.ts'

/** One pass that somebody asked for: the word first, the answer when it comes, the pass itself never. */
export interface AskedPass {
  id: number
  personId: string
  askedBy: string
  askedAt: number
  reason: string
  confirmedBy: string | null
}

type Asked = Pick<Tables['access_pass'], 'person_id' | 'rollout_id' | 'asked_by' | 'asked_at' | 'reason'>

export function accessPassReader(db: Db) {
  return {
    /** The newest that was asked for since then and not sent: it waits for a second person, or for who asked. */
    async waitingPass(personId: string, since: number): Promise<AskedPass | undefined> {
      const row = await db
        .selectFrom('access_pass')
        .selectAll()
        .where('person_id', '=', personId)
        .where('asked_at', '>=', since)
        .where('sent_at', 'is', null)
        .orderBy('id', 'desc')
        .executeTakeFirst()
      if (!row) return undefined
      const { id, asked_by: askedBy, asked_at: askedAt, confirmed_by: confirmedBy, reason } = row
      return { id, personId, askedBy, askedAt, reason, confirmedBy }
    },
  }
}

export function accessPassWriter(tx: Tx) {
  return {
    async askForPass(asked: Asked): Promise<number> {
      const none = { confirmed_by: null, confirmed_at: null, replaces: null, sent_at: null, answer: null }
      const unanswered = { answered_at: null, pass_id: null, request_id: null, client_request_id: null }
      const row = await tx
        .insertInto('access_pass')
        .values({ ...asked, ...none, ...unanswered })
        .returning('id')
        .executeTakeFirstOrThrow()
      return row.id
    },
    /** False: somebody was quicker. */
    async confirmPass(id: number, by: string, at: number): Promise<boolean> {
      const { numUpdatedRows } = await tx
        .updateTable('access_pass')
        .set({ confirmed_by: by, confirmed_at: at })
        .where('id', '=', id)
        .where('confirmed_by', 'is', null)
        .where('sent_at', 'is', null)
        .executeTakeFirstOrThrow()
      return numUpdatedRows > 0n
    },
    /** The intent, before the call. False: it was sent before, and a confirmation serves once. */
    async sendPass(id: number, at: number, replaces: string | null): Promise<boolean> {
      const { numUpdatedRows } = await tx
        .updateTable('access_pass')
        .set({ sent_at: at, replaces })
        .where('id', '=', id)
        .where('sent_at', 'is', null)
        .executeTakeFirstOrThrow()
      return numUpdatedRows > 0n
    },
    async answerPass(
      id: number,
      at: number,
      answer: Answer,
      call: Call,
      passId: string | null,
    ): Promise<void> {
      await tx
        .updateTable('access_pass')
        .set({
          answered_at: at,
          answer,
          pass_id: passId,
          request_id: call.requestId ?? null,
          client_request_id: call.clientRequestId ?? null,
        })
        .where('id', '=', id)
        .execute()
    },
  }
}
