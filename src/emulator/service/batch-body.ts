import { z } from 'zod'
import { badRequest } from '../graph/graph-error.ts'

const MOST = 20

const inner = z.object({
  id: z.string().min(1),
  method: z.string().transform((text) => text.toUpperCase()),
  url: z.string().min(1),
  headers: z.record(z.string(), z.string()).default({}),
  body: z.unknown().optional(),
  dependsOn: z.array(z.string()).default([]),
})

export type BatchStep = z.infer<typeof inner>

/** The steps of a batch in an order in which each comes after what it depends on, or a 400 that says what is wrong. */
export function readBatch(body: unknown): BatchStep[] {
  const read = z.object({ requests: z.array(inner).min(1) }).safeParse(body)
  if (!read.success) {
    const issue = read.error.issues[0]
    throw bad(`Invalid batch payload format: ${issue?.path.join('.') || 'the body'}: ${issue?.message}`)
  }
  const steps = read.data.requests
  if (steps.length > MOST) throw bad(`Number of batch request steps exceeds the maximum value of ${MOST}.`)
  const byId = new Map<string, BatchStep>()
  for (const step of steps) {
    if (byId.has(key(step.id))) throw bad(`Request Id ${step.id} has to be unique in a batch.`)
    byId.set(key(step.id), step)
    if (/^[a-z]+:/i.test(step.url)) throw bad(`Request ${step.id}: the url of a batch request is relative.`)
    if (/^\/?\$batch/i.test(step.url)) throw bad('Batch requests cannot be nested.')
    const isTyped = Object.keys(step.headers).some((name) => name.toLowerCase() === 'content-type')
    if (step.body !== undefined && !isTyped) {
      throw bad(`Write request id : ${step.id} does not contain Content-Type header or body.`)
    }
  }
  return inOrder(steps, byId)
}

function inOrder(steps: BatchStep[], byId: Map<string, BatchStep>): BatchStep[] {
  const ordered = new Set<BatchStep>()
  const walk = (step: BatchStep, way: BatchStep[]) => {
    if (ordered.has(step)) return
    if (way.includes(step)) throw bad(`Request ${step.id} depends on itself.`)
    for (const id of step.dependsOn) {
      const needed = byId.get(key(id))
      if (!needed) throw bad(`Request ${step.id} depends on ${id}, which is not in the batch.`)
      walk(needed, [...way, step])
    }
    ordered.add(step)
  }
  for (const step of steps) walk(step, [])
  return [...ordered]
}

function key(id: string): string {
  return id.toLowerCase()
}

function bad(message: string) {
  return badRequest(message, 'BadRequest')
}
