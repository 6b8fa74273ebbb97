import type { Clock } from '../clock/clock.ts'
import { type BatchStep, batchBody, stepOf } from './batch-answers.ts'
import { isRead, outcomesOf, type StepOutcome } from './batch-outcomes.ts'
import type { Answer, Call, Version } from './client.ts'
import { GraphFailure } from './errors.ts'
import type { RawAnswer } from './failure-of.ts'
import type { Lane, Limiter, Permit } from './limiter.ts'
import { type Cost, costsOfQuery } from './limits.ts'
import { readAnswer } from './read-answer.ts'
import type { Sender } from './sender.ts'
import { disarmTries, failedTries, pauseBefore, throttledTries } from './tries.ts'

/** One call of a batch; lane and signal are those of the batch. */
export type BatchCall<T> = Omit<Call<T>, 'lane' | 'signal' | 'nextLink'>
export type BatchResult<T> = Answer<T> | GraphFailure

export interface BatchOptions {
  clock: Clock
  limiter: Limiter
  send: Sender
  baseUrl: string
}

/** Graph's most for one batch. */
export const mostCallsPerBatch = 20

interface Item extends BatchStep {
  version: Version
  costs: Cost[]
  throttled: number
  failed: number
  refused: number
  outcome?: StepOutcome
}

export function createBatch({ clock, limiter, send, baseUrl }: BatchOptions) {
  /** Sends these items, all of one version, until each has its outcome or the signal is aborted. */
  async function settle(items: readonly Item[], version: Version, lane: Lane, signal?: AbortSignal) {
    const unsent = [...items]
    const flying = new Set<Promise<void>>()
    while (unsent.length > 0 || flying.size > 0) {
      if (unsent.length === 0 || signal?.aborted) {
        if (flying.size === 0) return
        await Promise.race(flying)
        continue
      }
      const wanted = unsent.slice(0, mostCallsPerBatch).map(({ costs }) => costs)
      const permit = await clock
        .patiently(() => limiter.takeSome(lane, wanted, signal))
        .catch((error: unknown) => {
          if (!signal?.aborted) throw error
        })
      if (!permit) continue
      const flight = fly(unsent.splice(0, permit.calls), version, permit, signal).then((again) => {
        flying.delete(flight)
        unsent.push(...again)
      })
      flying.add(flight)
    }
  }

  /** One request to `$batch`. Answers with the items to be sent again, when their time has come. */
  async function fly(items: Item[], version: Version, permit: Permit, signal?: AbortSignal): Promise<Item[]> {
    const { lane } = permit
    let again: Item[] = []
    try {
      const outer = await ask(items, version, lane, signal)
      const outcomes = outcomesOf(items, outer, clock.now())
      tellLimiter(items, outcomes, permit)
      again = items.filter((item, place) => isToRepeat(item, outcomes[place] as StepOutcome, lane))
    } finally {
      limiter.release(permit)
    }
    const failures = again.flatMap(({ outcome }) => (outcome instanceof GraphFailure ? [outcome] : []))
    const waits = failures
      .filter(({ kind }) => kind === 'unavailable')
      .map(({ retryAfter }) => retryAfter ?? pauseBefore(Math.max(...again.map(({ failed }) => failed))))
    if (waits.length > 0) await clock.sleep(Math.max(...waits), signal)
    return again
  }

  async function ask(
    items: Item[],
    version: Version,
    lane: Lane,
    signal?: AbortSignal,
  ): Promise<RawAnswer | GraphFailure> {
    const path = '/$batch'
    const url = `${baseUrl}/${version}${path}`
    try {
      return await send({ method: 'POST', path, url, body: batchBody(items), lane, signal })
    } catch (error) {
      if (error instanceof GraphFailure) return error
      if (!signal?.aborted) throw error
      // Called off while the token was asked for: nothing was sent.
      return new GraphFailure({ kind: 'unavailable', message: 'called off before it was sent', cause: error })
    }
  }

  /** Closes the buckets of what was throttled for the longest wait that any of them was told. */
  function tellLimiter(items: readonly Item[], outcomes: readonly StepOutcome[], permit: Permit): void {
    const isThrottled = (place: number) => {
      const outcome = outcomes[place]
      return outcome instanceof GraphFailure && (outcome.kind === 'throttled' || outcome.status === 424)
    }
    const throttled = items.filter((_, place) => isThrottled(place)).flatMap(({ costs }) => costs)
    const waits = outcomes.flatMap((one, place) => (isThrottled(place) ? [one.retryAfter ?? -1] : []))
    const longest = Math.max(-1, ...waits)
    if (throttled.length > 0) {
      limiter.throttled({ ...permit, costs: throttled }, longest < 0 ? undefined : longest)
    }
    const closed = new Set(throttled.map(({ bucket }) => bucket))
    for (const [place, { costs }] of items.entries()) {
      const outcome = outcomes[place]
      if (outcome instanceof GraphFailure && outcome.status === undefined) continue
      const told = outcome instanceof GraphFailure ? undefined : outcome?.told
      limiter.answered({ ...permit, costs: costs.filter(({ bucket }) => !closed.has(bucket)) }, told)
    }
  }

  return async function batch<T>(
    calls: readonly BatchCall<T>[],
    lane: Lane,
    signal?: AbortSignal,
  ): Promise<BatchResult<T>[]> {
    signal?.throwIfAborted()
    const items = calls.map(itemOf)
    const versions = [...new Set(items.map(({ version }) => version))]
    await Promise.all(
      versions.map((version) =>
        settle(
          items.filter((item) => item.version === version),
          version,
          lane,
          signal,
        ),
      ),
    )
    const isCalledOff = ({ outcome }: Item) =>
      outcome === undefined || (outcome instanceof GraphFailure && outcome.kind === 'unavailable')
    if (
      signal?.aborted &&
      items.some(isCalledOff) &&
      !items.some((one) => !isRead(one) && !isCalledOff(one))
    ) {
      throw signal.reason
    }
    return items.map((item, place) => resultOf(calls[place] as BatchCall<T>, item, signal))
  }
}

function itemOf(call: BatchCall<unknown>): Item {
  return {
    ...stepOf(call),
    version: call.version ?? 'v1.0',
    costs: costsOfQuery(call.method, call.path, call.query),
    throttled: 0,
    failed: 0,
    refused: 0,
  }
}

/** Keeps the outcome, and counts the try. */
function isToRepeat(item: Item, outcome: StepOutcome, lane: Lane): boolean {
  item.outcome = outcome
  if (!(outcome instanceof GraphFailure)) return false
  if (outcome.kind === 'throttled')
    return ++item.throttled < (lane === 'disarm' ? disarmTries : throttledTries)
  if (outcome.kind === 'unavailable') return ++item.failed < failedTries
  return outcome.kind === 'unauthenticated' && outcome.status === 401 && ++item.refused < 2
}

function resultOf<T>(call: BatchCall<T>, item: Item, signal: AbortSignal | undefined): BatchResult<T> {
  const { outcome, clientRequestId } = item
  if (outcome instanceof GraphFailure) return outcome
  if (!outcome) {
    return new GraphFailure({
      kind: 'unavailable',
      message: `${call.method} ${call.path}: called off before it was sent`,
      clientRequestId,
      cause: signal?.reason,
    })
  }
  try {
    return readAnswer(call, outcome)
  } catch (error) {
    if (error instanceof GraphFailure) return error
    throw error
  }
}
