import { z } from 'zod'
import type { World } from '../engine/world.ts'
import {
  answerIsSchema,
  type Question,
  questionKindSchema,
  questionStateSchema,
  stateOf,
} from '../people/question.ts'
import { Time, time, timeOrNull } from './views.ts'

const SignView = z.object({
  sign: z.string(),
  points: z.int(),
  says: z.string(),
  source: z.string(),
  at: Time,
})

export const QuestionView = z
  .object({
    id: z.string(),
    personId: z.string(),
    upn: z.string().nullable(),
    displayName: z.string().nullable(),
    kind: questionKindSchema,
    state: questionStateSchema,
    says: z.string(),
    owner: z
      .object({ personId: z.string(), upn: z.string().nullable(), displayName: z.string().nullable() })
      .nullable()
      .describe('the manager; null: whoever manages the change'),
    askedAt: Time,
    withdrawnAt: Time.nullable().describe('since then nothing speaks for it any more'),
    signs: z.array(SignView).describe('what speaks for no person, at three points a question'),
    clients: z
      .array(z.object({ client: z.string(), times: z.int(), lastAt: Time, addresses: z.int() }))
      .describe('old programs used in 30 days'),
    answer: z
      .object({
        is: answerIsSchema,
        by: z.string(),
        saidBy: z.string().nullable(),
        at: Time,
        reason: z.string(),
        until: Time.nullable(),
      })
      .nullable()
      .describe('the last one; it may be over, and the question open again'),
  })
  .describe('What only an owner knows of an account')
export type QuestionView = z.infer<typeof QuestionView>

/** Questions with the names of those they are about and of those they go to. */
export async function questionViews(world: World, questions: readonly Question[]): Promise<QuestionView[]> {
  const ids = questions.flatMap(({ personId, ownerId }) =>
    ownerId === null ? personId : [personId, ownerId],
  )
  const known = await world.store.read.factsAmong([...new Set(ids)])
  const named = (id: string) => {
    const facts = known.get(id)
    return { personId: id, upn: facts?.account?.upn ?? null, displayName: facts?.displayName ?? null }
  }
  const now = world.clock.now()
  return questions.map((question) => {
    const { id, personId, kind, ownerId, says, askedAt, withdrawnAt, evidence, answer } = question
    return {
      id,
      ...named(personId),
      kind,
      state: stateOf(question, now),
      says,
      owner: ownerId === null ? null : named(ownerId),
      askedAt: time(askedAt),
      withdrawnAt: timeOrNull(withdrawnAt),
      signs: evidence.signs.map((one) => ({ ...one, at: time(one.at) })),
      clients: evidence.clients.map((one) => ({ ...one, lastAt: time(one.lastAt) })),
      answer: answer && {
        is: answer.is,
        by: answer.by,
        saidBy: answer.saidBy ?? null,
        at: time(answer.at),
        reason: answer.reason,
        until: timeOrNull(answer.until ?? null),
      },
    }
  })
}

/** Everything that was asked about a person. */
export async function questionsOf(world: World, personId: string): Promise<QuestionView[]> {
  const questions = await world.store.read.questionsAmong([personId])
  return await questionViews(world, questions.get(personId) ?? [])
}
