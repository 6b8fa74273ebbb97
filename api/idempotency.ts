import { createHash } from 'node:crypto'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import type { Keep, Service, StoredAnswer } from '../src/service.ts'

export const WriteHeaders = z.looseObject({
  'idempotency-key': z
    .string()
    .min(1)
    .max(200)
    .optional()
    .describe('the same key with the same request again: the answer kept, nothing done twice'),
})

/** Calls with a key that are under way, by service: the socket's app and the network's share one. */
const underWay = new WeakMap<Service, Map<string, Promise<unknown>>>()

/**
 * Runs a write once per Idempotency-Key of its caller. Kept are answers of success only: a refusal changed nothing,
 * and the same request may be right a minute later. `run` hands `keep` to what acts, so that act and answer are one
 * transaction.
 */
export async function once(
  service: Service,
  request: FastifyRequest,
  reply: FastifyReply,
  run: (keep: Keep | undefined) => Promise<StoredAnswer>,
  kept: (answer: StoredAnswer) => StoredAnswer = (answer) => answer,
): Promise<StoredAnswer> {
  const key = request.headers['idempotency-key']
  if (typeof key !== 'string') return run(undefined)
  const { caller } = request
  const hash = hashOf(request)
  return inTurn(service, JSON.stringify([caller.person, key]), async () => {
    const before = await service.answered(caller, key, hash)
    if (before) {
      reply.header('idempotency-replayed', 'true')
      return before
    }
    const keep: Keep = { key, request: hash, kept, isKept: false }
    const answer = await run(keep)
    // What acted has put it on record together with the act.
    if (!keep.isKept) await service.remember(caller, keep, answer)
    return answer
  })
}

async function inTurn<T>(service: Service, name: string, work: () => Promise<T>): Promise<T> {
  const turns = underWay.get(service) ?? new Map<string, Promise<unknown>>()
  underWay.set(service, turns)
  const mine = (turns.get(name) ?? Promise.resolve()).then(work, work)
  turns.set(name, mine)
  try {
    return await mine
  } finally {
    if (turns.get(name) === mine) turns.delete(name)
  }
}

function hashOf(request: FastifyRequest): string {
  const whole = JSON.stringify([request.method, request.url, request.body ?? null])
  return createHash('sha256').update(whole).digest('hex')
}
