import { performance } from 'node:perf_hooks'

/** Wall time: token lifetimes and certificates live on it, since clients judge them by it. */
export function wallTime(): number {
  return performance.timeOrigin + performance.now()
}

/**
 * Waits on the wall, as a slow network does: the tenant's clock may stand still until the answer has been sent.
 */
export async function wallPause(ms: number): Promise<void> {
  const nobody = new Int32Array(new SharedArrayBuffer(4))
  const waiting = Atomics.waitAsync(nobody, 0, 0, ms)
  if (waiting.async) await waiting.value
}
