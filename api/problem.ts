import type { FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import type { Fault } from '../src/service.ts'

/** An error as RFC 9457 has it; what else is known about it stands beside, `problems` of a plan for one. */
export const Problem = z.looseObject({
  type: z.string().describe('urn:wavegate:error:<code>'),
  title: z.string(),
  status: z.int(),
  code: z.string().describe('stable; docs/errors.md lists them all'),
  detail: z.string().describe('what is wrong, in a sentence'),
  hint: z.string().describe('what to do about it'),
  instance: z.string().describe('the path that was called'),
})
export type Problem = z.infer<typeof Problem>

export const PROBLEM_TYPE = 'application/problem+json'

export function problemOf(fault: Fault, instance: string): Problem {
  return {
    ...fault.details,
    type: `urn:wavegate:error:${fault.code}`,
    title: titleOf(fault.code),
    status: fault.status,
    code: fault.code,
    detail: fault.message,
    hint: fault.hint,
    instance,
  }
}

export function sendProblem(reply: FastifyReply, request: FastifyRequest, fault: Fault): FastifyReply {
  if (fault.status === 401) {
    const known = fault.code === 'tokenMissing' ? '' : ', error="invalid_token"'
    reply.header('www-authenticate', `Bearer realm="wavegate"${known}`)
  }
  // Serialized here: whatever a route says of its answers, an error must get out.
  const body = JSON.stringify(problemOf(fault, pathOf(request.url)))
  return reply.code(fault.status).type(`${PROBLEM_TYPE}; charset=utf-8`).serializer(String).send(body)
}

export function pathOf(url: string): string {
  return url.split('?', 1)[0] as string
}

function titleOf(code: string): string {
  const words = code.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`)
  return words.charAt(0).toUpperCase() + words.slice(1)
}
