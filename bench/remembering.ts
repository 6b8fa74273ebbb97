/** Keeps what a server answers to reads, to answer the same again without it: what is left then is our own work. */
export function remembering(base: string): { replay(): void; stop(): void } {
  const real = globalThis.fetch
  const kept = new Map<string, { body: string; status: number; headers: Headers }>()
  let isReplay = false
  globalThis.fetch = async (input, init) => {
    const url = input instanceof Request ? input.url : String(input)
    const method = init?.method ?? (input instanceof Request ? input.method : 'GET')
    if (!url.startsWith(base) || method !== 'GET') return await real(input, init)
    const known = isReplay ? kept.get(url) : undefined
    if (known) return new Response(known.body, { status: known.status, headers: known.headers })
    const answer = await real(input, init)
    const body = await answer.text()
    const headers = new Headers(answer.headers)
    for (const name of ['content-length', 'content-encoding', 'transfer-encoding']) headers.delete(name)
    if (answer.ok) kept.set(url, { body, status: answer.status, headers })
    return new Response(body, { status: answer.status, headers })
  }
  return {
    replay() {
      isReplay = true
    },
    stop() {
      globalThis.fetch = real
    },
  }
}
