import { z } from 'zod'
import type { BatchCall } from '../batch.ts'
import type { Graph } from '../client.ts'
import { GraphFailure } from '../errors.ts'
import { type Ask, type Receipt, receiptOf, segment } from './ask.ts'

export const perUserMfaStates = ['disabled', 'enabled', 'enforced'] as const
export type PerUserMfaState = (typeof perUserMfaStates)[number]

/** `failure` is `unreadable` for a state we do not know or that is missing: never to be taken for `disabled`. */
export type PerUserMfaReading = { state: PerUserMfaState } | { failure: GraphFailure }

const requirements = z.object({ perUserMfaState: z.enum(perUserMfaStates) })

export function perUserMfaCalls(graph: Graph) {
  return {
    /** Everybody's legacy per-user MFA state, by object id. Fails, for a person, with `notFound` or any other kind. */
    async readPerUserMfa(ids: readonly string[], ask: Ask): Promise<Map<string, PerUserMfaReading>> {
      const people = [...new Set(ids)]
      const calls = people.map(
        (id): BatchCall<z.output<typeof requirements>> => ({
          method: 'GET',
          ...requirementsOf(id),
          expect: requirements,
        }),
      )
      const results = await graph.batch(calls, ask.lane, ask.signal)
      return new Map(
        results.map((result, place) => [
          people[place] as string,
          result instanceof GraphFailure ? { failure: result } : { state: result.body.perUserMfaState },
        ]),
      )
    },

    /**
     * Sets each person's state; Microsoft may turn `enabled` into `enforced` by itself. A person's `unknownEffect` may
     * have happened, any other failure has not.
     */
    async setPerUserMfa(
      changes: readonly { id: string; state: PerUserMfaState }[],
      ask: Ask,
    ): Promise<Map<string, Receipt | GraphFailure>> {
      if (new Set(changes.map(({ id }) => id)).size < changes.length) {
        throw new RangeError('a person is named twice: the order of two changes in a batch is not kept')
      }
      const calls = changes.map(
        ({ id, state }): BatchCall<unknown> => ({
          method: 'PATCH',
          ...requirementsOf(id),
          body: { perUserMfaState: state },
        }),
      )
      const results = await graph.batch(calls, ask.lane, ask.signal)
      return new Map(
        results.map((result, place) => [
          changes[place]?.id as string,
          result instanceof GraphFailure ? result : receiptOf(result),
        ]),
      )
    },
  }
}

function requirementsOf(id: string): { path: string; version: 'beta' } {
  return { path: `/users/${segment(id)}/authentication/requirements`, version: 'beta' }
}
