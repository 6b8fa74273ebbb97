import { AsyncLocalStorage } from 'node:async_hooks'
import { type Clock, sleepOn } from './clock.ts'

interface Due {
  time: number
  order: number
  isInPassing: boolean
  run: () => void
}

export interface SimulatedClockOptions {
  /** Where time starts, milliseconds since the epoch. */
  start: number
  /** Simulated seconds per real second; 0 or absent: as fast as it goes. Paces the show, changes no order. */
  speed?: number
  /** The longest real wait for one jump, milliseconds, so that a long night does not stop the show. */
  longestPause?: number
}

export interface SimulatedClock extends Clock {
  /** Stops jumping for good; what is due is dropped. */
  stop(): void
  /** Resolves when nothing is held and nothing is due before `time`; time itself ends at `time` or later. */
  runUntil(time: number): Promise<void>
}

/**
 * One time for server, tenant and the demo's people. It stands still while any of them has a call in flight and
 * otherwise jumps to the next due moment. Work that awaits only promises needs no hold: a jump waits for two turns of
 * the event loop, so everything that can run without I/O has run.
 */
export function simulatedClock(options: SimulatedClockOptions): SimulatedClock {
  const pause = options.longestPause ?? 1500
  let now = options.start
  let held = 0
  let attended = 0
  let patient = 0
  const answering = new AsyncLocalStorage<true>()
  let order = 0
  let due: Due[] = []
  let stopped = false
  let checking = false

  /** Whoever attends waits for time as well while the work on their answer does. */
  function standsStill(): boolean {
    return held > 0 || (attended > 0 && patient === 0)
  }

  function isWaitedFor(): boolean {
    return due.some((one) => !one.isInPassing || one.time <= now)
  }

  /** Counts up, and answers with the way down again, once. */
  function counted(add: (by: 1 | -1) => void): () => void {
    add(1)
    let open = true
    return () => {
      if (!open) return
      open = false
      add(-1)
      check()
    }
  }

  function jump(): void {
    checking = false
    if (stopped || standsStill() || !isWaitedFor()) return
    const next = due[0] as Due
    if (next.time > now && options.speed) {
      const real = Math.min((next.time - now) / options.speed, pause)
      now = next.time
      const release = clock.hold()
      setTimeout(release, real)
      return
    }
    now = Math.max(now, next.time)
    due.shift()
    next.run()
    check()
  }

  function check(): void {
    if (checking || stopped || standsStill() || !isWaitedFor()) return
    checking = true
    setImmediate(() => setImmediate(() => setImmediate(jump)))
  }

  function enter(entry: Due): () => void {
    const place = due.findIndex((other) => other.time > entry.time)
    if (place === -1) due.push(entry)
    else due.splice(place, 0, entry)
    check()
    return () => {
      due = due.filter((other) => other !== entry)
    }
  }

  const clock: SimulatedClock = {
    now: () => now,
    at: (time, run) => enter({ time, order: order++, isInPassing: false, run }),
    inPassing: (time, run) => enter({ time, order: order++, isInPassing: true, run }),
    sleep: (ms, signal) => clock.patiently(() => sleepOn(clock, ms, signal)),
    hold: () =>
      counted((by) => {
        held += by
      }),
    attend: () =>
      counted((by) => {
        attended += by
      }),
    answer: (run) => answering.run(true, run),
    async patiently(wait) {
      if (!answering.getStore()) return await wait()
      const end = counted((by) => {
        patient += by
      })
      check()
      try {
        return await wait()
      } finally {
        end()
      }
    },
    stop() {
      stopped = true
      due = []
    },
    runUntil: (time) => new Promise((resolve) => clock.at(time, resolve)),
  }
  return clock
}
