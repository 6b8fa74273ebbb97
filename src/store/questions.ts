import type { Answer, Question, QuestionKind } from '../people/question.ts'
import type { Db, Tables, Tx } from './tables.ts'

function toQuestion(row: Tables['question']): Question {
  return {
    id: row.id,
    personId: row.person_id,
    kind: row.kind as QuestionKind,
    ownerId: row.owner_id,
    says: row.says,
    evidence: JSON.parse(row.evidence),
    askedAt: row.asked_at,
    withdrawnAt: row.withdrawn_at,
    answer: row.answer === null ? null : JSON.parse(row.answer),
  }
}

export function questionReader(db: Db) {
  const all = () => db.selectFrom('question').selectAll()
  return {
    async question(id: string): Promise<Question | undefined> {
      const row = await all().where('id', '=', id).executeTakeFirst()
      return row && toQuestion(row)
    },
    /** In the order of their names, from behind one. */
    async questionsPage(after: string | null, limit: number): Promise<Question[]> {
      const query = after === null ? all() : all().where('id', '>', after)
      return (await query.orderBy('id').limit(limit).execute()).map(toQuestion)
    },
    /** By object id; about whom nothing was asked is left out. */
    async questionsAmong(ids: readonly string[]): Promise<Map<string, Question[]>> {
      const found: Question[] = []
      for (let start = 0; start < ids.length; start += 500) {
        const some = ids.slice(start, start + 500)
        const rows = await all().where('person_id', 'in', some).orderBy('id').execute()
        found.push(...rows.map(toQuestion))
      }
      return Map.groupBy(found, (one) => one.personId)
    },
  }
}

export function questionWriter(tx: Tx) {
  return {
    /** A new question, or an earlier one with what it rests on now; an answer is left as it is. */
    async saveQuestion({ answer: _kept, ...question }: Question): Promise<void> {
      const values = {
        owner_id: question.ownerId,
        says: question.says,
        evidence: JSON.stringify(question.evidence),
        withdrawn_at: question.withdrawnAt,
      }
      const key = { id: question.id, person_id: question.personId, kind: question.kind }
      await tx
        .insertInto('question')
        .values({ ...key, ...values, asked_at: question.askedAt, answer: null })
        .onConflict((it) => it.column('id').doUpdateSet(values))
        .execute()
    },
    async saveAnswer(id: string, answer: Answer): Promise<void> {
      const text = JSON.stringify(answer)
      await tx.updateTable('question').set({ answer: text }).where('id', '=', id).execute()
    },
  }
}
