import type { Clock } from './clock.ts'

/** Lets whatever else waits in this process have its turn, amid long work; simulated time stands still meanwhile. */
export async function breathe(clock: Pick<Clock, 'hold'>): Promise<void> {
  const release = clock.hold()
  await new Promise((resolve) => setImmediate(resolve))
  release()
}
