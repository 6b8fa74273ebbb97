import { GraphFailure } from '../graph/errors.ts'
import type { World } from './world.ts'

/**
 * Reads until `read` answers with something, with growing pauses, or the declared read-back deadline passes. A read
 * that fails in passing is one that saw nothing. Answers with undefined at the deadline, or as soon as something else goes
 * first: unknown, never a guess.
 */
export async function pollUntil<T>(
  world: World,
  signal: AbortSignal,
  read: () => Promise<T | undefined>,
  isWantedElsewhere: () => Promise<boolean> = async () => false,
): Promise<T | undefined> {
  const { clock, declared, times } = world
  const deadline = clock.now() + declared.readBackDeadlineMs
  let pause = times.readBackFirstMs
  for (;;) {
    const seen = await readOnce(read)
    if (seen !== undefined) return seen
    if (clock.now() + pause > deadline || (await isWantedElsewhere())) return undefined
    await clock.sleep(pause, signal)
    signal.throwIfAborted()
    pause = Math.min(pause * 2, times.readBackLongestMs)
  }
}

async function readOnce<T>(read: () => Promise<T | undefined>): Promise<T | undefined> {
  try {
    return await read()
  } catch (error) {
    const isPassing =
      error instanceof GraphFailure && ['throttled', 'unavailable', 'unreadable'].includes(error.kind)
    if (!isPassing) throw error
    return undefined
  }
}
