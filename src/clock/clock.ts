/**
 * Time as everything in wavegate sees it. Nothing outside `src/clock` reads `Date.now()` or starts a timer of its own:
 * the simulated clock could not stand still for what it does not know of.
 */
export interface Clock {
  /** Milliseconds since the epoch, UTC. */
  now(): number
  /** Runs `run` once, when `now()` has reached `time`. Answers with a function that cancels. */
  at(time: number, run: () => void): () => void
  /**
   * The same for what nobody waits for, such as a regular look: it runs when time has come there for another reason;
   * simulated time does not go on because of it.
   */
  inPassing(time: number, run: () => void): () => void
  /** Resolves after `ms` of this clock's time, or at once when `signal` is aborted. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>
  /** A call is in flight: simulated time stands still until the answer (a function, idempotent) has been called. */
  hold(): () => void
  /**
   * A caller waits for an answer of ours: time stands still for them too, except while the work on an answer waits for
   * time itself. Ends like a hold.
   */
  attend(): () => void
  /** Runs the work on an answer; what it awaits by `patiently` lets time pass for all who attend. */
  answer<T>(run: () => T): T
  /** Awaits what only time brings: the turn at a limiter, a pause. */
  patiently<T>(wait: () => Promise<T>): Promise<T>
}

/** Runs `work`, a call to somebody who answers on this clock, while attending. */
export async function attending<T>(clock: Clock, work: () => Promise<T>): Promise<T> {
  const release = clock.attend()
  try {
    return await work()
  } finally {
    release()
  }
}

export function sleepOn(clock: Pick<Clock, 'now' | 'at'>, ms: number, signal?: AbortSignal): Promise<void> {
  if (signal?.aborted) return Promise.resolve()
  return new Promise((resolve) => {
    const done = () => {
      cancel()
      signal?.removeEventListener('abort', done)
      resolve()
    }
    const cancel = clock.at(clock.now() + Math.max(0, ms), done)
    signal?.addEventListener('abort', done, { once: true })
  })
}
