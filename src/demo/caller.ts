import { attending, type Clock } from '../clock/clock.ts'
import { type Fault, fault, type RolloutView, type Verb, type VerbAnswer } from '../service.ts'

/** One person with a token who calls the REST API, as automation or a colleague would. */
export interface Caller {
  createRollout(plan: string): Promise<RolloutView>
  show(rollout: string): Promise<RolloutView>
  act(
    verb: Verb,
    rollout: string,
    wave: string | undefined,
    reason: string,
    findings?: readonly string[],
  ): Promise<VerbAnswer>
}

export function caller(clock: Clock, api: string, token: string): Caller {
  async function call<T>(
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<T> {
    return await attending(clock, async () => {
      const answer = await fetch(`${api}/api/v1${path}`, {
        method,
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', ...headers },
        body: body === undefined ? null : JSON.stringify(body),
      })
      const read = (await answer.json()) as T & { code?: string; detail?: string; status?: number }
      if (!answer.ok) throw refusal(read)
      return read
    })
  }
  const show = (rollout: string) => call<RolloutView>('GET', `/rollouts/${rollout}`)
  return {
    createRollout: async (plan) =>
      (await call<{ rollout: RolloutView }>('POST', '/rollouts', { plan })).rollout,
    show,
    async act(verb, rollout, wave, reason, findings) {
      const { etag } = await show(rollout)
      const body = findings === undefined ? { reason } : { reason, findings }
      const place = wave === undefined ? '' : `/waves/${wave}`
      return await call('POST', `/rollouts/${rollout}${place}/${verb}`, body, { 'if-match': etag })
    },
  }
}

/** What the API refused, as the error it was on the other side. */
function refusal(problem: { code?: string; detail?: string }): Fault {
  const { code, detail, ...details } = problem as Record<string, unknown>
  if (code === 'planInvalid' || code === 'planTooLarge' || code === 'preflightFailed')
    return fault(code, { ...details, detail })
  return fault('demoRefused', { code, detail })
}
