import { z } from 'zod'
import { ERRORS } from '../src/errors.ts'
import { PROBLEM_TYPE, Problem } from './problem.ts'

/** What any call can meet: a bad request, no token, a role too weak, an error of ours, a server that stops. */
const ANYWHERE = [400, 401, 403, 500, 503]

/** The error answers of a route for its schema: those any call can meet and `more`. */
export function problems(...more: readonly number[]): Record<number, ReturnType<typeof problemAnswer>> {
  return Object.fromEntries([...ANYWHERE, ...more].map((status) => [status, problemAnswer(status)]))
}

/** The error answers of a route that asks for no token. */
export function openProblems(): Record<number, ReturnType<typeof problemAnswer>> {
  return Object.fromEntries([400, 500, 503].map((status) => [status, problemAnswer(status)]))
}

function problemAnswer(status: number) {
  const codes = Object.entries(ERRORS).filter(([, [itsStatus]]) => itsStatus === status)
  return {
    description: codes.map(([code]) => code).join(', '),
    content: { [PROBLEM_TYPE]: { schema: Problem } },
  }
}

/** The errors of Microsoft Graph, as a caller meets them. */
export const GRAPH = 502

export const RolloutAt = z.object({ id: z.string().describe('of the rollout') })
export const WaveAt = RolloutAt.extend({ wave: z.string().describe('name or id of the wave') })
export const PersonAt = RolloutAt.extend({ person: z.string().describe('object id or user principal name') })
