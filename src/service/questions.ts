import { z } from 'zod'
import type { World } from '../engine/world.ts'
import { fault } from '../errors.ts'
import { sayAnswer } from '../people/answered.ts'
import { ANSWERS_TO, type Answer, type AnswerIs, type QuestionState, stateOf } from '../people/question.ts'
import { sayDay } from '../people/say-day.ts'
import type { Caller } from './contract.ts'
import { type Keep, keepIn } from './keep.ts'
import { requireRole } from './permit.ts'
import { QuestionView, questionViews } from './person-questions.ts'

export interface QuestionsWanted {
  state?: QuestionState | undefined
  kind?: QuestionView['kind'] | undefined
  /** Object id or sign-in name of who is to answer; `nobody`: those for whoever manages the change. */
  owner?: string | undefined
  cursor?: string | undefined
  limit: number
}

export const QuestionsPage = z.object({ questions: z.array(QuestionView), next: z.string().nullable() })
export type QuestionsPage = z.infer<typeof QuestionsPage>

export interface AnswerCall {
  question: string
  answer: AnswerIs
  reason: string
  /** Whose word it is, where the caller only writes it down. */
  saidBy?: string | undefined
  /** From then on it is asked again. */
  until?: string | undefined
  dryRun: boolean
}

export const QuestionAnswer = z.object({
  changed: z.boolean().describe('false: it was answered so already, or this was a dry run'),
  dryRun: z.boolean(),
  says: z.string().describe('what follows, or would follow, in a sentence'),
  question: QuestionView,
})
export type QuestionAnswer = z.infer<typeof QuestionAnswer>

const PAGE = 500

/** Questions in the order of their names. */
export async function listQuestions(
  world: World,
  { state, kind, owner, cursor, limit }: QuestionsWanted,
): Promise<QuestionsPage> {
  const { read } = world.store
  const ownerId =
    owner === undefined || owner === 'nobody' ? null : ((await read.factsOf(owner))?.id ?? owner)
  const now = world.clock.now()
  const found = []
  let after = cursor ?? null
  for (;;) {
    const page = await read.questionsPage(after, PAGE)
    for (const question of page) {
      if (state !== undefined && stateOf(question, now) !== state) continue
      if (kind !== undefined && question.kind !== kind) continue
      if (owner !== undefined && question.ownerId !== ownerId) continue
      found.push(question)
      if (found.length === limit) return { questions: await questionViews(world, found), next: question.id }
    }
    after = page.at(-1)?.id ?? null
    if (page.length < PAGE) return { questions: await questionViews(world, found), next: null }
  }
}

/**
 * Keeps an answer, across rollouts, until its end. Whoever is ready by it goes with the next judgement of their wave, or
 * with the catch-up.
 * @throws questionNotFound, answerUnfit
 */
export async function answerQuestion(
  world: World,
  caller: Caller,
  call: AnswerCall,
  keep?: Keep,
): Promise<QuestionAnswer> {
  requireRole(caller, ['changeManager', 'helpDesk'], 'answering a question')
  const { question: id, reason, dryRun } = call
  const at = world.clock.now()
  return await world.store.tx(async (writer) => {
    const known = await writer.question(id)
    if (known === undefined) throw fault('questionNotFound', { id })
    const answer = fitting(call, caller, known, at)
    const isSame =
      stateOf(known, at) === 'answered' &&
      known.answer?.is === answer.is &&
      known.answer.until === answer.until &&
      known.answer.saidBy === answer.saidBy
    const changed = !dryRun && !isSame
    const now = changed ? { ...known, answer } : known
    if (changed) {
      await writer.saveAnswer(id, answer)
      const { is, saidBy = null, until = null } = answer
      const data = { question: id, kind: known.kind, is, saidBy, until, before: known.answer?.is ?? null }
      const event = { at, rolloutId: null, personId: known.personId, type: 'question.answered' }
      await writer.append({ ...event, actor: caller.person, reason, data })
    }
    const [question] = await questionViews({ ...world, store: { ...world.store, read: writer } }, [now])
    const body = { changed, dryRun, says: sayConsequence(answer, isSame), question: question as QuestionView }
    await keepIn(writer, world, caller, keep, { status: 200, body })
    return body
  })
}

function fitting(
  { answer: is, reason, saidBy, until }: AnswerCall,
  { person: by }: Caller,
  {
    id,
    kind,
    evidence,
  }: { id: string; kind: QuestionView['kind']; evidence: { clients: { client: string }[] } },
  at: number,
): Answer {
  const choices = ANSWERS_TO[kind]
  if (!choices.includes(is))
    throw fault('answerUnfit', { id, detail: `${is} does not answer it; ${choices.join(', ')} do` })
  const end = until === undefined ? undefined : Date.parse(until)
  if (end !== undefined && !(end > at))
    throw fault('answerUnfit', { id, detail: `until ${until} is no time to come` })
  const clients = evidence.clients.map((one) => one.client)
  return {
    is,
    by,
    at,
    reason,
    clients,
    ...(saidBy !== undefined && { saidBy }),
    ...(end !== undefined && { until: end }),
  }
}

function sayConsequence({ is, until }: Answer, isSame: boolean): string {
  const end = until === undefined ? '' : ` It is asked again on ${sayDay(until)}.`
  return `The account ${sayAnswer(is)}${isSame ? ', as was answered before' : ''}: ${sayNext(is)}.${end}`
}

function sayNext(is: AnswerIs): string {
  switch (is) {
    case 'person':
      return 'it goes with its wave once it is ready'
    case 'notAPerson':
      return 'it is put under MFA by no wave; give what runs by it an identity of its own'
    case 'legacyAccepted':
      return 'it goes with its wave, and the old program stops working then'
    case 'legacyMoved':
      return 'it goes with its wave, unless the old program signs in again'
    case 'legacyKept':
      return 'it is left for later by each wave'
    default:
      return is satisfies never
  }
}
