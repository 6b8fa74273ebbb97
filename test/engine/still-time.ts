import type { SimulatedClock } from '../../src/clock/simulated-clock.ts'

const LONGEST_WAIT = 40 * 86_400_000

/** Time that stands still while the test looks and acts, and passes only while it waits. */
export interface StillTime {
  stand(): void
  pass(ms: number): Promise<void>
  /** Time passes until `begin`'s argument is called; whoever calls it has made time stand before. One at a time. */
  run<T>(begin: (done: (value: T) => void) => void, say: () => string): Promise<T>
}

export function stillTime(clock: SimulatedClock): StillTime {
  let release = clock.attend()
  let cancel = () => {}
  const time: StillTime = {
    stand() {
      release()
      release = clock.attend()
    },
    pass: (ms) =>
      new Promise((resolve) => {
        clock.at(clock.now() + ms, () => {
          time.stand()
          resolve()
        })
        release()
      }),
    run: (begin, say) =>
      new Promise((resolve, reject) => {
        // A process that was killed leaves somebody waiting for what it would have said.
        cancel()
        cancel = clock.at(clock.now() + LONGEST_WAIT, () => {
          time.stand()
          reject(new Error(say()))
        })
        begin((value) => {
          cancel()
          resolve(value)
        })
        release()
      }),
  }
  return time
}
