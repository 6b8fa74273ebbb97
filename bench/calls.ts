/** What this process asked of a server, by what it was for. */
export interface Calls {
  all: number
  /** Changes of a group's members. */
  groupWrites: number
  /** Answers 429. */
  throttled: number
}

/** Counts on from now, until the answer's function is called. */
export function countCalls(base: string): { calls: Calls; stop(): void } {
  const calls: Calls = { all: 0, groupWrites: 0, throttled: 0 }
  const real = globalThis.fetch
  globalThis.fetch = async (input, init) => {
    const url = input instanceof Request ? input.url : String(input)
    const answer = await real(input, init)
    if (!url.startsWith(base)) return answer
    const method = (init?.method ?? (input instanceof Request ? input.method : 'GET')).toUpperCase()
    calls.all++
    if (answer.status === 429) calls.throttled++
    if (method !== 'GET' && /\/groups\/[^/?]+(\/members\/|\?|$)/.test(url)) calls.groupWrites++
    return answer
  }
  return {
    calls,
    stop: () => {
      globalThis.fetch = real
    },
  }
}
