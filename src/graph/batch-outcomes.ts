import { answersOf, type BatchStep } from './batch-answers.ts'
import { type FailureKind, GraphFailure } from './errors.ts'
import { failureOf, type RawAnswer } from './failure-of.ts'

/** What came of one step: an answer of 2xx, or why there is none. */
export type StepOutcome = RawAnswer | GraphFailure

/** What came of each step of a batch, from the answer to the whole, or from the failure to get one. */
export function outcomesOf(
  steps: readonly BatchStep[],
  outer: RawAnswer | GraphFailure,
  now: number,
): StepOutcome[] {
  if (outer instanceof GraphFailure) return steps.map((step) => unanswered(step, outer))
  // Says that something was throttled, and not what was done (throttling page); only a read may be sent again.
  if (outer.status === 424) {
    const { retryAfter } = outer
    return steps.map((step) => failed(step, isRead(step) ? 'throttled' : 'unknownEffect', outer, retryAfter))
  }
  if (outer.status < 200 || outer.status >= 300) {
    return steps.map(({ call, clientRequestId }) =>
      failureOf(call.method, call.path, { ...outer, clientRequestId }),
    )
  }
  const answers = answersOf(steps, outer, now)
  return steps.map((step, place) => {
    const answer = answers[place]
    if (!answer) return failed(step, isRead(step) ? 'unreadable' : 'unknownEffect', outer)
    // Nothing in a batch of ours depends on another step, so this is how a throttled one is told: it was not done.
    if (answer.status === 424) return failed(step, 'throttled', answer, answer.retryAfter)
    if (answer.status >= 200 && answer.status < 300) return answer
    return failureOf(step.call.method, step.call.path, answer)
  })
}

function failed(step: BatchStep, kind: FailureKind, answer: RawAnswer, retryAfter?: number): GraphFailure {
  const { method, path } = step.call
  const what = answer.status === 424 ? 'throttled' : 'no answer of its own that can be read'
  return new GraphFailure({
    kind,
    message: `${method} ${path}: ${what} in a batch answered ${answer.status}`,
    status: answer.status === 424 ? 424 : undefined,
    requestId: answer.requestId,
    clientRequestId: step.clientRequestId,
    retryAfter,
  })
}

function unanswered(step: BatchStep, failure: GraphFailure): GraphFailure {
  const { kind, message, code, cause } = failure
  return new GraphFailure({
    kind: kind === 'unknownEffect' && isRead(step) ? 'unavailable' : kind,
    message: `${step.call.method} ${step.call.path}: ${message}`,
    code,
    clientRequestId: step.clientRequestId,
    cause: cause ?? failure,
  })
}

export function isRead({ call }: BatchStep): boolean {
  return call.method === 'GET'
}
