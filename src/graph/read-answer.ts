import type { Answer, Call } from './client.ts'
import { GraphFailure } from './errors.ts'
import { type RawAnswer, readJson } from './failure-of.ts'

/** The answer to a call as the caller gets it, its body held against what it must be. Throws GraphFailure. */
export function readAnswer<T>(
  call: Pick<Call<T>, 'method' | 'path' | 'expect'>,
  answer: RawAnswer,
): Answer<T> {
  const { status, requestId, clientRequestId, date } = answer
  const body = call.expect || call.method === 'GET' ? parse(call, answer) : undefined
  return { status, body: body as T, requestId, clientRequestId, date }
}

function parse<T>(call: Pick<Call<T>, 'method' | 'path' | 'expect'>, answer: RawAnswer): unknown {
  const json = readJson(answer.text)
  const isObject = typeof json === 'object' && json !== null && !Array.isArray(json)
  const parsed = isObject ? call.expect?.safeParse(json) : undefined
  if (isObject && (!call.expect || parsed?.success)) return parsed ? parsed.data : json
  const issue = parsed?.error?.issues[0]
  throw new GraphFailure({
    // A write that succeeded with a body nobody can read did happen, but we don't know what it made.
    kind: call.method === 'GET' ? 'unreadable' : 'unknownEffect',
    message: `${call.method} ${call.path}: ${answer.status}, but ${
      issue
        ? `${issue.path.join('.')}: ${issue.message}`
        : answer.text === ''
          ? 'an empty body'
          : 'no JSON object'
    }`,
    status: answer.status,
    requestId: answer.requestId,
    clientRequestId: answer.clientRequestId,
  })
}
