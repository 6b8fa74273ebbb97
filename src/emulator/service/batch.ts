import { type ErrorIds, errorBody, GraphError, notFoundSegment } from '../graph/graph-error.ts'
import { dice } from '../random.ts'
import { type BatchStep, readBatch } from './batch-body.ts'
import { admit, answerTo, type ExchangeOptions } from './exchange.ts'
import type { FaultScript } from './fault.ts'
import { injected } from './fault-hooks.ts'
import { findRoute } from './find-route.ts'
import { wallPause } from './wall-time.ts'

/**
 * How a batch tells that some of its steps were throttled; Microsoft's pages contradict each other. Steps that were
 * not throttled are done in any case.
 */
export type BatchThrottling =
  /** The batch answers 200, the step 429. */
  | 'inner429'
  /** The batch answers 200, the step 424. */
  | 'inner424'
  /** The whole batch answers 424 and says nothing of its steps. */
  | 'outer424'

export interface BatchRequest {
  version: string
  origin: string
  requestId: string
  body: unknown
}

export interface BatchServiceOptions extends ExchangeOptions {
  guard: NonNullable<ExchangeOptions['guard']>
  faults?: FaultScript
}

interface StepAnswer {
  id: string
  status: number
  headers?: Record<string, string>
  body?: unknown
}

/** Answers batches. The answers of one come in any order, drawn from the seed. */
export function batchService(options: BatchServiceOptions) {
  const { seed } = options.world.options
  let batches = 0

  return async function answerBatch(request: BatchRequest): Promise<{ responses: StepAnswer[] }> {
    const steps = readBatch(request.body)
    const roll = dice(seed, 31, ++batches)
    const answers = new Map<string, StepAnswer | null>()
    for (const step of steps) {
      const failed = step.dependsOn.some((id) => {
        const needed = answers.get(id.toLowerCase())
        return !needed || needed.status >= 400
      })
      const answer = failed ? dependencyFailed(step, request) : await perform(step, request)
      answers.set(step.id.toLowerCase(), answer)
    }
    const given = [...answers.values()].filter((answer) => answer !== null)
    const throttled = given.filter((answer) => answer.status === 429)
    if (throttled.length > 0) tell(throttled)
    const places = given.map((answer) => ({ answer, place: roll() }))
    places.sort((a, b) => a.place - b.place)
    return { responses: places.map(({ answer }) => answer) }
  }

  function tell(throttled: StepAnswer[]): void {
    const { batchThrottling } = options.settings
    if (batchThrottling === 'inner429') return
    if (batchThrottling === 'inner424') {
      for (const answer of throttled) answer.status = 424
      return
    }
    const longest = Math.max(0, ...throttled.map((answer) => Number(answer.headers?.['Retry-After'] ?? 0)))
    throw new GraphError(
      424,
      'FailedDependency',
      'A request of the batch was throttled.',
      longest > 0 ? { 'Retry-After': String(longest) } : {},
    )
  }

  /** Null: the batch says nothing of this step. */
  async function perform(step: BatchStep, request: BatchRequest): Promise<StepAnswer | null> {
    const target = step.url.startsWith('/') ? step.url : `/${step.url}`
    const fault = options.faults?.meet(step.method, `/${request.version}${target}`)
    if (fault?.kind === 'delay') await wallPause(fault.ms)
    if (fault?.kind === 'resetBefore') return null
    if (fault?.kind === 'status') {
      const answer = refused(step, injected(fault), request)
      return fault.body === undefined ? answer : { ...answer, body: fault.body }
    }
    const answer = settle(step, target, request)
    if (fault?.kind === 'resetAfter') return null
    if (fault?.kind === 'statusAfter') return refused(step, injected(fault), request)
    return fault?.kind === 'empty' ? { id: step.id, status: 200 } : answer
  }

  function settle(step: BatchStep, target: string, request: BatchRequest): StepAnswer {
    try {
      const [path, search] = splitAtQuery(target)
      const found = findRoute(step.method, request.version, path)
      if (!found) throw notFoundSegment(path)
      const exchange = {
        ...found,
        version: request.version,
        query: Object.fromEntries(new URLSearchParams(search)),
        url: `/${request.version}${path}`,
        origin: request.origin,
        eventual: header(step, 'consistencylevel') === 'eventual',
        prefer: header(step, 'prefer'),
        requestId: header(step, 'client-request-id') || request.requestId,
        body: step.body,
      }
      const headers = admit(options, options.guard, exchange)
      const { status, body } = answerTo(options, exchange)
      const typed = body === undefined ? {} : { 'Content-Type': 'application/json' }
      return {
        id: step.id,
        status,
        headers: { ...headers, ...typed },
        ...(body === undefined ? {} : { body }),
      }
    } catch (error) {
      if (!(error instanceof GraphError)) throw error
      return refused(step, error, request)
    }
  }

  function refused(step: BatchStep, error: GraphError, { requestId }: BatchRequest): StepAnswer {
    const ids: ErrorIds = {
      date: new Date(options.now()).toISOString().slice(0, 19),
      requestId,
      clientRequestId: header(step, 'client-request-id') || requestId,
    }
    const headers = { ...error.headers, 'Content-Type': 'application/json' }
    return { id: step.id, status: error.status, headers, body: errorBody(error, ids) }
  }

  function dependencyFailed(step: BatchStep, request: BatchRequest): StepAnswer {
    const message = 'A request that this one depends on has failed.'
    return refused(step, new GraphError(424, 'FailedDependency', message), request)
  }
}

function splitAtQuery(target: string): [path: string, search: string] {
  const place = target.indexOf('?')
  return place < 0 ? [target, ''] : [target.slice(0, place), target.slice(place + 1)]
}

function header(step: BatchStep, name: string): string {
  return Object.entries(step.headers).find(([given]) => given.toLowerCase() === name)?.[1] ?? ''
}
