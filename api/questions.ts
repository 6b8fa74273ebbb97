import { z } from 'zod'
import { Answers, QuestionAnswer, QuestionKinds, QuestionStates, QuestionsPage } from '../src/service.ts'
import { problems } from './answers.ts'
import type { Api, Context } from './context.ts'
import { answerTable, byCursor, FORMAT, tableAnswer } from './csv.ts'
import { QUESTIONS } from './csv-columns.ts'
import { once, WriteHeaders } from './idempotency.ts'

const Wanted = z.strictObject({
  state: QuestionStates.optional().describe('only those that are open, answered or withdrawn'),
  kind: QuestionKinds.optional().describe('person: is this one? legacy: may they lose an old program?'),
  owner: z
    .string()
    .min(1)
    .optional()
    .describe(
      'only those for this manager, object id or user principal name; `nobody`: for whoever manages the change',
    ),
  cursor: z.string().min(1).optional().describe('`next` of the page before'),
  limit: z.coerce.number().int().min(1).max(1000).default(100),
  ...FORMAT,
})
/** Rows that a download reads at once. */
const MANY = 1000
const Body = z.strictObject({
  answer: Answers,
  reason: z.string().trim().min(1).max(2000).describe('why, in a sentence; kept with the answer'),
  saidBy: z
    .string()
    .trim()
    .min(1)
    .max(200)
    .optional()
    .describe('whose word it is, where that is not the caller'),
  until: z.iso.datetime({ offset: true }).optional().describe('from then on it is asked again'),
  dryRun: z.boolean().default(false).describe('says what would follow, keeps nothing'),
})

/** What only an owner knows of an account: is it a person, and may it lose an old program? */
export function questionRoutes(app: Api, { service }: Context): void {
  const tags = ['people']
  app.get(
    '/questions',
    {
      schema: {
        operationId: 'listQuestions',
        tags,
        summary: 'Questions about accounts that may be no people, and about old programs, with their answers',
        querystring: Wanted,
        response: { 200: tableAnswer(QuestionsPage), ...problems() },
      },
    },
    async (request, reply) => {
      const { format: _format, ...wanted } = request.query
      const page = async (cursor: string | undefined) => {
        const { questions: rows, next } = await service.listQuestions({ ...wanted, cursor, limit: MANY })
        return { rows, next }
      }
      await answerTable(
        request,
        reply,
        () => service.listQuestions(wanted),
        () => ({ name: 'questions', columns: QUESTIONS, rows: byCursor(page) }),
      )
      return reply
    },
  )
  app.post(
    '/questions/:id/answer',
    {
      schema: {
        operationId: 'answerQuestion',
        tags,
        summary: 'Keeps an answer, across rollouts, until its end (role: change manager or help desk)',
        params: z.object({ id: z.string() }),
        headers: WriteHeaders,
        body: Body,
        response: { 200: QuestionAnswer, ...problems(404, 409, 413, 415, 422) },
      },
    },
    async (request, reply) => {
      const { params, body, caller } = request
      const answer = await once(service, request, reply, async (keep) => ({
        status: 200,
        body: await service.answerQuestion(caller, { ...body, question: params.id }, keep),
      }))
      return reply.code(200).send(answer.body as z.infer<typeof QuestionAnswer>)
    },
  )
}
